import { tracingChannel } from 'node:diagnostics_channel';
import { loadNative } from '@forkmap/native';
import { parMap } from '@forkmap/pool';
import { describe, expect, test } from 'vitest';
import { ITEM_TIMEOUT_MS } from '../helpers/time.js';

/** Enough items for results that are numbers to go through shared memory. */
const ITEMS = 3000;
const indices = Array.from({ length: ITEMS }, (_, i) => i);

/** What results are made of: runs of one kind, long and short, and what ends them. */
const KINDS: Record<string, (i: number) => unknown> = {
  'numbers of every sort': (i) =>
    [i, -0, Number.NaN, Number.NEGATIVE_INFINITY, i / 3, 2 ** 53, Number.MIN_VALUE][i % 7],
  'nothing at all': () => undefined,
  'numbers, then nothing': (i) => (i < ITEMS / 2 ? i : undefined),
  'nothing, then numbers': (i) => (i < ITEMS / 2 ? undefined : i),
  'numbers, now and then a text': (i) => (i % 97 === 5 ? `text ${i}` : i),
  'everything in turn': (i) => [i, undefined, null, true, `${i}`, { i }, [i], 10n][i % 8],
  'texts, then numbers': (i) => (i < 700 ? `text ${i}` : i),
};

describe.each(Object.entries(KINDS))('%s', (_, fn) => {
  const expected = indices.map(fn);
  test.each([
    { chunk: 1 + (ITEMS >> 1) },
    { chunk: 100, isolation: 'lane' },
    { chunk: 'auto' },
    { chunk: 999, codec: 'devalue' },
    { chunk: 999, settle: true },
    { chunk: 999, types: { Even: [(v: unknown) => v === 2 && 'two', () => 2] } },
  ] as const)('arrive as they are, %o', async (options) => {
    const results: unknown[] = await parMap(indices, fn, options as object);
    const got = 'settle' in options ? results.map((r) => (r as { value: unknown }).value) : results;
    expect(got).toEqual(expected);
    expect(got.every((value, i) => Object.is(value, expected[i]) || typeof value === 'object')).toBe(true);
  });

  test('arrive where a promise comes in between', async () => {
    const one = (i: number) => (i % 500 === 250 ? Promise.resolve(fn(i)) : fn(i));
    expect(await parMap(indices, one, { chunk: 1000 })).toEqual(expected);
  });
});

describe.each([
  ['numbers', (i: number) => i * 1.5],
  ['nothing', () => undefined],
])('a child that returns %s and dies', (_, fn) => {
  const lethal = 1234;
  const die = (i: number) => {
    if (i === lethal) process.kill(process.pid, 'SIGKILL');
    return fn(i);
  };

  test('has lost one item, and no other runs twice', async () => {
    const results = await parMap(indices, die, { chunk: 1000, settle: true });
    for (const [i, result] of results.entries()) {
      if (i === lethal) expect(result).toMatchObject({ status: 'rejected', reason: { index: lethal } });
      else expect(result).toEqual({ status: 'fulfilled', value: fn(i) });
    }
  });

  test('fails the call by that item', async () => {
    await expect(parMap(indices, die, { chunk: 1000 })).rejects.toMatchObject({
      code: 'ERR_FORKMAP_KILLED',
      index: lethal,
      chunk: { start: 1000, end: 2000 },
    });
  });
});

test('what is thrown after many numbers is thrown, at its index', async () => {
  const fail = (i: number) => {
    if (i === 1700) throw new RangeError(`at ${i}`);
    return i;
  };
  await expect(parMap(indices, fail, { chunk: 2000 })).rejects.toThrow(new RangeError('at 1700'));
  const settled = await parMap(indices, fail, { chunk: 2000, settle: true });
  expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(settled[1701]).toEqual({ status: 'fulfilled', value: 1701 });
});

test('an item timeout fails that item, and keeps what was a number before it', async () => {
  const results = await parMap(
    indices,
    (i) => {
      while (i === 800);
      return i;
    },
    { chunk: 1500, itemTimeout: ITEM_TIMEOUT_MS, settle: true },
  );
  expect(results[800]).toMatchObject({ status: 'rejected', reason: { code: 'ERR_FORKMAP_TIMEOUT' } });
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(ITEMS - 1);
});

test('numbers are told of by a frame per run, however often their chunk is split', async () => {
  const channel = tracingChannel<unknown, { bytes: number }>('forkmap:chunk');
  const frames: number[] = [];
  const asyncEnd = ({ bytes }: { bytes: number }) => {
    frames.push(bytes / loadNative().protocol.frame.headerBytes);
  };
  channel.asyncEnd.subscribe(asyncEnd as never);
  // Each item takes longer than a claim does: an end of one, after which the chunk may be somebody else's, comes often.
  const busy = (i: number) => {
    const until = performance.now() + 0.3;
    while (performance.now() < until);
    return i;
  };
  try {
    expect(await parMap(indices.slice(0, 1000), busy, { chunk: 'auto', lanes: 2 })).toEqual(
      indices.slice(0, 1000),
    );
  } finally {
    channel.asyncEnd.unsubscribe(asyncEnd as never);
  }
  // The run, and the end.
  expect(frames.length).toBeGreaterThanOrEqual(2);
  expect(Math.max(...frames)).toBeLessThanOrEqual(2);
});
