import { native, readFrames } from '@forkmap/core/internal';
import { describe, expect, it, vi } from 'vitest';
import { faults } from '../helpers/faults.js';
import { Mutator, makeFrames, type Told } from './mutations.js';

vi.hoisted(() => {
  process.env.FORKMAP_ADDON = 'faults';
});

const BYTES = 10_000_000;
const SEED = 20_251_121;
const START = 5;
const END = 40;

/** What the driver's reader and the decoder after it make of some bytes: every index told, and how. */
function read(bytes: Uint8Array, pieceBytes: number) {
  const chunk = { start: START, end: END, maxPayloadBytes: 1 << 20 };
  const { state, frames } = faults().readFrames(bytes, { ...chunk, pieceBytes });
  const told: Told[] = [];
  const tell = (index: number, what: Told['what'], value?: unknown) => told.push({ index, what, value });
  const outcome = { ...(frames && { frames }) } as Parameters<typeof readFrames>[0];
  readFrames(
    outcome,
    { codec: 'auto' },
    {
      results: (first, values) => {
        for (const [i, value] of values.entries()) tell(first + i, 'result', value);
      },
      thrown: (index, error) => tell(index, 'thrown', error),
      failed: (index) => tell(index, 'failed'),
      undecodable: (first, count) => {
        for (let index = first; index < first + count; index++) tell(index, 'undecodable');
      },
    },
  );
  return { state, told };
}

it('reads frames as they were written, however they are cut', () => {
  const { bytes, expected } = makeFrames(native().protocol, START, END);
  for (const pieceBytes of [1, 7, 24, 4096, 65_536]) {
    expect(read(bytes, pieceBytes)).toEqual({ state: 'ended', told: expected });
  }
});

describe('what no honest child writes', () => {
  const { frame } = native().protocol;
  const header = (kind: number, first: number, count: number, bytes: number | bigint) => {
    const { bytes: whole } = makeFrames(native().protocol, START, END);
    const made = new DataView(whole.slice(0, frame.headerBytes).buffer);
    made.setUint32(4, kind, true);
    made.setInt32(8, first, true);
    made.setInt32(12, count, true);
    made.setBigUint64(16, BigInt(bytes), true);
    return new Uint8Array(made.buffer);
  };

  it.each([
    ['no magic', new Uint8Array(24).fill(1)],
    ['an unknown kind', header(9, START, 1, 0)],
    ['items before the chunk', header(frame.results, START - 1, 1, 0)],
    ['items after the chunk', header(frame.results, END, 1, 0)],
    ['more items than the chunk has', header(frame.results, START, END - START + 1, 0)],
    ['a negative count', header(frame.results, START, -1, 0)],
    ['the largest count', header(frame.results, START, 2 ** 31 - 1, 0)],
    ['the smallest index', header(frame.results, -(2 ** 31), 1, 0)],
    ['results of no items', header(frame.results, START, 0, 0)],
    ['one error for two items', header(frame.thrown, START, 2, 0)],
    ['an end with a payload', header(frame.end, START, 0, 1)],
    ['an end of another chunk', header(frame.end, START + 1, 0, 0)],
    [
      'something after the end',
      Buffer.concat([header(frame.end, START, 0, 0), header(frame.end, START, 0, 0)]),
    ],
    [
      'the same items for ever',
      Buffer.concat(Array.from({ length: 64 }, () => header(frame.results, START, END - START, 0))),
    ],
  ])('%s is a broken frame', (_what, bytes) => {
    expect(read(bytes, 65_536).state).toBe('broken');
  });

  it.each([
    ['one byte', (1 << 20) + 1],
    ['all that fits into the field', 2n ** 64n - 1n],
  ])('a payload that is too large by %s is refused before it arrives', (_what, bytes) => {
    expect(read(header(frame.results, START, 1, bytes), 65_536).state).toBe('tooLarge');
  });
});

it(`takes ${BYTES} bytes of mutated frames without a crash, a wrong index or a polluted prototype`, () => {
  const mutator = new Mutator(SEED, native().protocol, START, END);
  const states: Record<string, number> = { open: 0, ended: 0, broken: 0, tooLarge: 0 };
  const before = Object.getOwnPropertyNames(Object.prototype).join();
  for (let used = 0; used < BYTES; ) {
    const bytes = mutator.next();
    used += bytes.byteLength;
    const { state, told } = read(bytes, mutator.pieceBytes());
    states[state] = (states[state] ?? 0) + 1;
    const indices = told.map(({ index }) => index);
    expect(new Set(indices).size, `seed ${SEED}, at byte ${used}`).toBe(indices.length);
    expect(indices.every((index) => index >= START && index < END)).toBe(true);
  }
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  for (const state of ['open', 'ended', 'broken', 'tooLarge']) expect(states[state]).toBeGreaterThan(10);
}, 120_000);
