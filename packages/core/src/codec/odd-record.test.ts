import { afterEach, describe, expect, test } from 'vitest';
import { decodeResults, encodeResults, UnsendableError } from './index.js';
import { dictionaryOf, ODD_SENDABLE, ODD_UNSENDABLE, type Row, rowOf } from './odd-record.test.helper.js';
import { difference } from './same.test.helper.js';

// Records that are all alike are proved to be plain data by a few of them. Each test has one that is not.

const AUTO = { codec: 'auto' } as const;
const ROWS = 150;
const PLACES = [0, 1, 77, ROWS - 1];

const WAYS: Record<string, (rows: unknown[]) => unknown[]> = {
  'as results': (rows) => rows,
  'in a list': (rows) => [rows],
  'in records': (rows) => rows.map((row, id) => ({ id, row })),
};

function recordsWith(make: (row: Row) => unknown, at: number, of: (row: Row) => Row): unknown[] {
  return Array.from({ length: ROWS }, (_, i) => (i === at ? make(of(rowOf(i))) : of(rowOf(i))));
}

function failure(values: unknown[]): UnsendableError | undefined {
  try {
    encodeResults(values, AUTO);
    return undefined;
  } catch (error) {
    if (error instanceof UnsendableError) return error;
    throw error;
  }
}

const KINDS: Record<string, (row: Row) => Row> = {
  records: (row) => row,
  dictionaries: dictionaryOf,
};

describe.each(Object.entries(KINDS))('among %s', (_, of) => {
  describe.each(Object.entries(ODD_UNSENDABLE))('one with %s', (__, [make, path = '']) => {
    test.each(PLACES)('is refused at row %i', (at) => {
      expect(failure(recordsWith(make, at, of))).toMatchObject({ index: at, path });
      expect(failure([recordsWith(make, at, of)])).toMatchObject({ index: 0, path: `[${at}]${path}` });
    });
  });

  describe.each(Object.entries(ODD_SENDABLE))('one with %s', (__, make) => {
    test.each(Object.keys(WAYS))('arrives exactly (%s)', (way) => {
      for (const at of PLACES) {
        const values = WAYS[way]!(recordsWith(make, at, of));
        const arrived = decodeResults(encodeResults(values, AUTO), values.length, AUTO);
        expect(difference(values, arrived)).toBeUndefined();
      }
    });
  });
});

test('the values of records are read once they are known to be plain, whatever a list gives for them before', () => {
  let looks = 0;
  const odd = Object.defineProperty({ b: 1 }, 'a', { get: () => 1, enumerable: true });
  const list = Array.from({ length: 20 }, (_, i) => rowOf(i));
  Object.defineProperty(list, 7, { get: () => (looks++ % 2 ? odd : rowOf(7)), enumerable: true });
  for (let i = 0; i < 8; i++) {
    const payload = encodeOrRefuse([list]);
    if (payload !== undefined)
      expect(decodeResults(payload, 1, AUTO)).toEqual([list.map((__, j) => rowOf(j))]);
  }
});

function encodeOrRefuse(values: unknown[]): Uint8Array | undefined {
  try {
    return encodeResults(values, AUTO);
  } catch (error) {
    expect(error).toBeInstanceOf(UnsendableError);
    return undefined;
  }
}

describe('where Object.prototype was changed', () => {
  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, 'a');
    Reflect.deleteProperty(Object.prototype, 'toJSON');
  });

  const batches: [string, () => unknown[]][] = [
    ['few records', () => Array.from({ length: 3 }, (_, i) => rowOf(i))],
    ['many records', () => Array.from({ length: ROWS }, (_, i) => rowOf(i))],
    ['records of several shapes', () => [rowOf(1), { a: 1 }, { a: [{ a: 2 }] }]],
    ['records that hold themselves', () => [circle()]],
  ];

  test.each(batches)('%s arrive exactly beside an accessor', (_, make) => {
    const values = make();
    const calls: string[] = [];
    Object.defineProperty(Object.prototype, 'a', {
      configurable: true,
      get: () => calls.push('get'),
      set: () => calls.push('set'),
    });
    const arrived = decodeResults(encodeResults(values, AUTO), values.length, AUTO);
    expect(calls).toEqual([]);
    Reflect.deleteProperty(Object.prototype, 'a');
    expect(difference(values, arrived)).toBeUndefined();
  });

  test.each(batches)('%s arrive exactly beside a property that nobody may write', (_, make) => {
    const values = make();
    Object.defineProperty(Object.prototype, 'a', { configurable: true, value: 5 });
    const arrived = decodeResults(encodeResults(values, AUTO), values.length, AUTO);
    Reflect.deleteProperty(Object.prototype, 'a');
    expect(difference(values, arrived)).toBeUndefined();
  });

  test('nobody asks for toJSON', () => {
    Object.defineProperty(Object.prototype, 'toJSON', { configurable: true, value: () => 'wrong' });
    const values = Array.from({ length: ROWS }, (_, i) => rowOf(i));
    expect(decodeResults(encodeResults(values, AUTO), ROWS, AUTO)[5]).toEqual({ a: 5, b: 'text 5' });
  });
});

function circle(): Row {
  const row = rowOf(1);
  row.a = row;
  return row;
}
