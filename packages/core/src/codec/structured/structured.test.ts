import { deserialize, serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { type CodecOptions, decodeResults, encodeResults } from '../index.js';
import { difference } from '../same.test.helper.js';
import { SENDABLE } from '../sendable.test.helper.js';
import { Socket } from '../unsendable.test.helper.js';

const STRUCTURED: CodecOptions = { codec: 'structured' };

function roundTrip(values: readonly unknown[]): unknown[] {
  return decodeResults(encodeResults(values, STRUCTURED), values.length, STRUCTURED);
}

describe('structured', () => {
  test.each(Object.entries(SENDABLE))("sends what Node's own structured clone does: %s", (_, make) => {
    const value = make();
    expect(difference(deserialize(serialize([value])), roundTrip([value]))).toBeUndefined();
  });

  test('loses classes, as it is known to', () => {
    expect(difference([{ fd: 5 }], roundTrip([new Socket()]))).toBeUndefined();
    const [bytes] = roundTrip([new (class Bytes extends Uint8Array {})(3)]);
    expect(difference(new Uint8Array(3), bytes)).toBeUndefined();
  });

  test.each<[string, unknown, number, string]>([
    ['a function', [1, () => {}], 1, ''],
    ['a nested symbol', [1, { a: [{ b: Symbol('s') }] }], 1, '.a[0].b'],
    ['a promise in a Map', [new Map([['k', { p: Promise.resolve() }]])], 0, '.get("k").p'],
    ['a function in a Set', [new Set([() => {}])], 0, '.values()[0]'],
    ['one of many elements', [[...new Array(100_000).fill(1), { f: () => {} }, 2]], 0, '[100000].f'],
    ['a SharedArrayBuffer', [[new SharedArrayBuffer(1)]], 0, '[0]'],
  ])('names the path to %s', (_, values, index, path) => {
    const encode = () => encodeResults(values as unknown[], STRUCTURED);
    expect(encode).toThrow(expect.objectContaining({ name: 'UnsendableError', index, path }));
    expect(encode).toThrow('could not be cloned');
  });

  test('finds no more than the result where only the whole cannot be sent', () => {
    let deep: unknown = {};
    for (let i = 0; i < 20_000; i++) deep = { deep };
    expect(() => encodeResults([1, deep], STRUCTURED)).toThrow(expect.objectContaining({ index: 1 }));
  });
});
