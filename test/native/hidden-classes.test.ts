// biome-ignore-all lint/performance/noDelete: that is how objects become dictionaries
import { loadNative } from '@forkmap/native';
import { describe, expect, test } from 'vitest';

const { representatives } = loadNative();

/** An object whose properties are in a dictionary. */
function dictionaryOf(entries: Record<string, unknown>): Record<string, unknown> {
  const object: Record<string, unknown> = { first: 0, ...entries };
  delete object.first;
  return object;
}

function manyKeys(last: string): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (let i = 0; i < 10; i++) object[`key${i}`] = i;
  object[last] = 1;
  return object;
}

describe('representatives() gives a row for each hidden class', () => {
  test.each<[string, () => unknown[], number[]]>([
    ['none', () => [], []],
    ['one', () => Array.from({ length: 5000 }, (_, id) => ({ id, name: `n${id}` })), [0]],
    ['other keys', () => [{ a: 1 }, { b: 1 }, { a: 2 }, { b: 2 }], [0, 1]],
    [
      'another order',
      () => [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
        { b: 5, a: 6 },
      ],
      [0, 2],
    ],
    [
      'more properties than an object has room for',
      () => [manyKeys('x'), manyKeys('x'), manyKeys('y')],
      [0, 2],
    ],
    ['no properties', () => [{}, {}], [0]],
  ])('%s', (_, make, rows) => {
    expect(representatives(make())).toEqual(rows);
  });

  test.each<[string, (row: Record<string, unknown>) => object]>([
    ['an accessor', (row) => Object.defineProperty(row, 'a', { get: () => 1, enumerable: true })],
    ['a hidden property', (row) => Object.defineProperty(row, 'a', { enumerable: false })],
    ['a symbol key', (row) => Object.assign(row, { [Symbol('s')]: 1 })],
    ['another prototype', (row) => Object.setPrototypeOf(row, { inherited: 1 })],
    ['no prototype', (row) => Object.setPrototypeOf(row, null)],
  ])('%s among plain records, unless it takes the object out of them', (_, change) => {
    const objects = Array.from({ length: 20 }, (__, a) => ({ a, b: 1 }));
    change(objects[13]!);
    const rows = representatives(objects);
    expect(rows === undefined || rows.includes(13)).toBe(true);
  });

  test('that holds when an object was given a hash', () => {
    const objects = Array.from({ length: 20 }, (_, a) => ({ a }));
    new WeakSet(objects);
    expect(representatives(objects)).toEqual([0]);
  });
});

describe('representatives() does not speak for', () => {
  test.each<[string, () => unknown]>([
    ['a dictionary', () => dictionaryOf({ a: 1 })],
    ['an object without prototype', () => Object.create(null)],
    ['elements', () => ({ a: 1, 0: 1 })],
    ['elements that are accessors', () => Object.defineProperty({ a: 1 }, 0, { get: () => 1 })],
    ['an array', () => [1]],
    ['a function', () => () => 1],
    ['a Proxy', () => new Proxy({ a: 1 }, {})],
    ['a Date', () => new Date()],
    ['an error', () => new Error('e')],
    ['a Map', () => new Map()],
    ['a boxed number', () => Object(1)],
    ['the global object', () => globalThis],
    ['an integer', () => 1],
    ['a number', () => 0.5],
    ['a string', () => 'a'],
    ['undefined', () => undefined],
  ])('%s', (_, make) => {
    expect(representatives([{ a: 1 }, make(), { a: 2 }])).toBeUndefined();
    expect(representatives([make()])).toBeUndefined();
  });

  test('too many hidden classes', () => {
    expect(representatives(Array.from({ length: 100 }, (_, i) => ({ [`k${i}`]: 1 })))).toBeUndefined();
  });

  test('holes, and lists that are none of objects', () => {
    expect(representatives(Object.assign([{ a: 1 }], { 2: { a: 1 } }))).toBeUndefined();
    expect(representatives([0.5, 1.5])).toBeUndefined();
    expect(representatives(Object.assign([], { 4000000: { a: 1 } }))).toBeUndefined();
  });
});
