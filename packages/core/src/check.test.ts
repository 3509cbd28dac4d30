import { describe, expect, test } from 'vitest';
import { checkFn, checkItems, invalidArgType, nearestName } from './check.js';

describe('checkItems()', () => {
  test.each<[string, unknown]>([
    ['an array', [1]],
    ['a string', 'abc'],
    ['an empty string', ''],
    ['a Set', new Set()],
    ['a typed array', new Float64Array(2)],
    ['a generator', (function* () {})()],
    ['an array-like', { length: 2, 0: 'a' }],
  ])('accepts %s', (_, items) => {
    expect(() => checkItems(items)).not.toThrow();
  });

  test.each<[string, unknown]>([
    ['a number', 5],
    ['undefined', undefined],
    ['null', null],
    ['a plain object', {}],
    ['a function', () => {}],
    ['a symbol', Symbol('s')],
    ['an object with a length that is no number', { length: '2' }],
    ['an object without prototype', Object.create(null)],
  ])('rejects %s', (_, items) => {
    expect(() => checkItems(items)).toThrow(TypeError);
    expect(() => checkItems(items)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });
});

test('checkFn() says what it received', () => {
  expect(() => checkFn('x')).toThrow(
    `The "fn" argument must be of type function. Received type string ('x')`,
  );
  expect(() => checkFn(class A {})).not.toThrow();
});

test('an argument error has its code in the stack and the name of its class', () => {
  const error = invalidArgType('fn', 'of type function', new Map());
  expect(error.name).toBe('TypeError');
  expect(error.stack).toMatch(
    /^TypeError \[ERR_INVALID_ARG_TYPE\]: The "fn" argument .* an instance of Map\n/,
  );
});

test('nearestName() gives a name only where it may have been meant', () => {
  const names = ['chunk', 'lanes', 'timeout', 'itemTimeout', 'concurrency'];
  expect(nearestName('chunks', names)).toBe('chunk');
  expect(nearestName('Lane', names)).toBe('lanes');
  expect(nearestName('itemtimeout', names)).toBe('itemTimeout');
  expect(nearestName('concurency', names)).toBe('concurrency');
  expect(nearestName('zzzzz', names)).toBeUndefined();
  expect(nearestName('', names)).toBeUndefined();
});
