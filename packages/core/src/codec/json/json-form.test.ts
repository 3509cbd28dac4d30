import { describe, expect, test } from 'vitest';
import { difference } from '../same.test.helper.js';
import { SENDABLE } from '../sendable.test.helper.js';
import { fromJsonForm, jsonForm, thrownJsonForm } from './json-form.js';

function roundTrip(value: unknown): unknown {
  return fromJsonForm(JSON.parse(`{${jsonForm('v', value)}}`), 'v');
}

describe.each(Object.entries(SENDABLE))('a line of JSON keeps %s exactly', (_, make) => {
  test('alone, and within a record', () => {
    for (const value of [make(), { value: make() }, [make(), make()]]) {
      expect(difference([value], [roundTrip(value)])).toBeUndefined();
    }
  });
});

test('what JSON says by itself is written as JSON, without line ends', () => {
  const value = { a: [1, 'x\ny', null, true, 0.5], b: {} };
  expect(jsonForm('v', value)).toBe(`"v":${JSON.stringify(value)}`);
});

test.each<[string, unknown]>([
  ['an accessor', Object.defineProperty({}, 'a', { get: () => 1, enumerable: true })],
  ['what is not enumerable', Object.defineProperty({}, 'a', { value: 1 })],
  ['the same object twice', new Array(2).fill({})],
  ['toJSON', { toJSON: 1 }],
])('%s is not left to JSON', (_, value) => {
  let form = 'refused';
  try {
    form = jsonForm('v', value);
  } catch {
    // No codec sends it.
  }
  expect(form).not.toBe(`"v":${JSON.stringify(value)}`);
});

test('what was thrown comes back as it was, without what cannot be sent', () => {
  const thrown = Object.assign(new RangeError('far', { cause: new Date(1) }), { at: 3, socket: () => 1 });
  const back = fromJsonForm(JSON.parse(`{${thrownJsonForm('e', thrown)}}`), 'e') as typeof thrown;
  expect(back).toBeInstanceOf(RangeError);
  expect(back).toMatchObject({ message: 'far', at: 3, cause: new Date(1), stack: thrown.stack });
  expect('socket' in back).toBe(false);
});
