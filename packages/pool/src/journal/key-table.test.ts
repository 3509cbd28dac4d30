import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOfItem, keyOfNth } from './key.js';
import { KeyTable } from './key-table.js';

test('a table knows the last place of each key, as a Map does', () => {
  const place = fc.integer({ min: 1, max: 2 ** 48 - 1 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), place), { maxLength: 3000 }),
      (entries) => {
        const table = new KeyTable();
        const map = new Map<number, number>();
        for (const [item, at] of entries) {
          table.setPlace(keyOfItem(item), at);
          map.set(item, at);
        }
        for (let item = 0; item <= 500; item++)
          expect(table.placeOf(keyOfItem(item))).toBe(map.get(item) ?? 0);
      },
    ),
    { numRuns: 20 },
  );
});

test('a table counts how often a key is met, however often', () => {
  const table = new KeyTable();
  const [often, once] = [keyOfItem('often'), keyOfItem('once')];
  expect(Array.from({ length: 600 }, () => table.meet(often))).toEqual(
    Array.from({ length: 600 }, (_, at) => at),
  );
  expect(table.meet(once)).toBe(0);
  table.setPlace(often, 5);
  expect(table.meet(often)).toBe(600);
});

test('items of different kinds have different keys, and equal ones the same', () => {
  const items = [
    1,
    '1',
    [1],
    { a: 1 },
    { a: '1' },
    null,
    undefined,
    -0,
    0,
    new Date(1),
    1n,
    Buffer.from('1'),
  ];
  const keys = items.map((item) => Buffer.from(keyOfItem(item)).toString('hex'));
  expect(new Set(keys).size).toBe(items.length);
  expect(keyOfItem({ a: new Date(1) })).toEqual(keyOfItem({ a: new Date(1) }));
  const hexes = [0, 1, 2].map((nth) => Buffer.from(keyOfNth(keyOfItem(1), nth)).toString('hex'));
  expect(new Set(hexes).size).toBe(3);
});

test('strings that UTF-8 cannot tell apart have different keys', () => {
  expect(keyOfItem('\ud800')).not.toEqual(keyOfItem('\udbff'));
});
