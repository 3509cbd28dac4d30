import { PROTOCOL } from '@forkmap/core/internal';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Range } from './chunks.js';
import { Splitter } from './splitter.js';

const LANES = 2;
const { slot: at } = PROTOCOL;
const intsPerSlot = at.bytesPerSlot / 4;
const doublesPerSlot = at.bytesPerSlot / 8;

let board: SharedArrayBuffer;
let ints: Int32Array;
let atWork: Set<Range>;

/** A child at work on [first, limit), so far along, since so many ms. */
function work(
  lane: number,
  child: { first: number; begun: number; limit: number; claimed?: number; sinceMs: number },
) {
  const { first, begun, limit, claimed = begun, sinceMs } = child;
  const field = (name: number, value: number) => {
    ints[lane * intsPerSlot + name] = value;
  };
  field(at.pid, 1000 + lane);
  field(at.first, first);
  field(at.begun, begun);
  field(at.done, begun - 1);
  field(at.limit, limit);
  field(at.claimed, claimed);
  new Float64Array(board)[lane * doublesPerSlot + at.beganMs] =
    sinceMs === 0 ? 0 : performance.now() - sinceMs;
}

const limitOf = (lane: number) => ints[lane * intsPerSlot + at.limit];

beforeEach(() => {
  board = new SharedArrayBuffer(LANES * at.bytesPerSlot);
  ints = new Int32Array(board);
});

function splitterOver(...ranges: { start: number; end: number }[]) {
  atWork = new Set(ranges);
  return new Splitter(board as unknown as ArrayBuffer, LANES, atWork);
}

describe('a chunk that takes long', () => {
  const range = { start: 100, end: 300 };
  beforeEach(() => {
    range.end = 300;
    work(0, { first: 100, begun: 200, limit: 300, sinceMs: 1000 });
  });

  test('is split in the middle of what is not begun, and ends there', () => {
    expect(splitterOver(range).split(5, 1000)).toEqual({ start: 250, end: 300 });
    expect(range).toEqual({ start: 100, end: 250 });
    expect(limitOf(0)).toBe(250);
  });

  test('keeps what its child has claimed', () => {
    work(0, { first: 100, begun: 200, limit: 300, claimed: 280, sinceMs: 1000 });
    expect(splitterOver(range).split(5, 1000)).toEqual({ start: 280, end: 300 });
    expect(range.end).toBe(280);
  });

  test('is left alone where all of it is claimed', () => {
    work(0, { first: 100, begun: 200, limit: 300, claimed: 300, sinceMs: 1000 });
    expect(splitterOver(range).split(5, 1000)).toBeUndefined();
    expect(range.end).toBe(300);
    expect(limitOf(0)).toBe(300);
  });

  test('is left alone where a fork costs more than the rest is worth', () => {
    expect(splitterOver(range).split(500, 1000)).toBeUndefined();
  });

  test('is left alone where it is not needed', () => {
    expect(splitterOver(range).split(5, 100)).toBeUndefined();
  });

  test('is left alone when it is not at work any more', () => {
    const splitter = splitterOver(range);
    atWork.delete(range);
    expect(splitter.split(5, 1000)).toBeUndefined();
  });
});

test('of several, the one with the longest rest is split', () => {
  const quick = { start: 0, end: 100 };
  const slow = { start: 100, end: 200 };
  work(0, { first: 0, begun: 60, limit: 100, sinceMs: 100 });
  work(1, { first: 100, begun: 110, limit: 200, sinceMs: 100 });
  expect(splitterOver(quick, slow).split(1, 1000)).toEqual({ start: 155, end: 200 });
  expect(quick.end).toBe(100);
});

test('a child that has not begun its items is left alone', () => {
  const range = { start: 0, end: 100 };
  work(0, { first: 0, begun: 0, limit: 100, sinceMs: 0 });
  expect(splitterOver(range).split(1, 1000)).toBeUndefined();
});
