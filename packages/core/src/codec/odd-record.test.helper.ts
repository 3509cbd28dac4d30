// biome-ignore-all lint/suspicious/noEmptyBlockStatements: functions are only refused here, never called
// biome-ignore-all lint/performance/noDelete: that is how objects become dictionaries

/** Records as most functions return them. */
export type Row = Record<PropertyKey, unknown>;

export const rowOf = (a: number): Row => ({ a, b: `text ${a}` });

/** What a class adds to an object without a trace among its keys. */
class Base {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: that is the trick
    return object;
  }
}
class Stamp extends Base {
  #secret = 1;
  static isOn(object: object): boolean {
    return #secret in object;
  }
}

/** One record among many is not like the others, and cannot be sent; with the path to the reason. */
export const ODD_UNSENDABLE: Record<string, [make: (row: Row) => unknown, path?: string]> = {
  'an accessor': [
    (row) => Object.defineProperty(row, 'a', { get: () => 1, set: () => {}, enumerable: true }),
  ],
  'an accessor in a literal': [
    () => ({
      get a() {
        return 1;
      },
      b: 'text',
    }),
  ],
  'a hidden property': [(row) => Object.defineProperty(row, 'b', { enumerable: false })],
  'a symbol key': [(row) => Object.assign(row, { [Symbol('s')]: 1 })],
  'a hidden symbol key': [(row) => Object.defineProperty(row, Symbol('s'), { value: 1 })],
  'another prototype': [(row) => Object.setPrototypeOf(row, { a: 1 })],
  'an instance of a class': [
    () =>
      new (class Row {
        a = 1;
        b = 'text';
      })(),
  ],
  'a Proxy': [(row) => new Proxy(row, {})],
  'a Proxy of a Proxy': [(row) => new Proxy(new Proxy(row, {}), {})],
  'an accessor as an element': [
    (row) => Object.defineProperty(row, 0, { get: () => 1, enumerable: true, configurable: true }),
  ],
  'a hidden element': [(row) => Object.defineProperty(row, 5, { value: 1 })],
  'an accessor in a frozen object': [
    (row) => Object.freeze(Object.defineProperty(row, 'a', { get: () => 1, enumerable: true })),
  ],
  'its own toJSON': [(row) => Object.assign(row, { toJSON: () => 1 }), '.toJSON'],
  'a function': [(row) => Object.assign(row, { b: () => {} }), '.b'],
  'a symbol': [(row) => Object.assign(row, { a: Symbol('s') }), '.a'],
  arguments: [
    (row) =>
      (function (..._: unknown[]) {
        // biome-ignore lint/complexity/noArguments: that is what is tested
        return Object.assign(arguments, row);
      })(1),
  ],
};

/** One record among many is not like the others, and is sent exactly. */
export const ODD_SENDABLE: Record<string, (row: Row) => unknown> = {
  'one more key': (row) => Object.assign(row, { c: 1 }),
  'one key less': ({ a }) => ({ a }),
  'other keys': () => ({ c: 1, d: 2 }),
  'another order': ({ a, b }) => ({ b, a }),
  'an element': (row) => Object.assign(row, { 0: 'zero' }),
  elements: (row) => Object.assign(row, { 7: 'seven', 1: 'one', 4000000: 'far' }),
  'an element that was deleted': (row) => {
    row[0] = 1;
    delete row[0];
    return row;
  },
  'no keys': () => ({}),
  'no prototype': (row) => Object.assign(Object.create(null), row),
  'own __proto__': () => JSON.parse('{"a":1,"b":"text","__proto__":{"polluted":true}}'),
  undefined: () => undefined,
  null: () => null,
  'a number': () => 1,
  'an array': () => [1, 2],
  'an array with the same keys': (row) => Object.assign([], row),
  'a Date': () => new Date(0),
  'an error': () => new Error('e'),
  'minus zero': (row) => Object.assign(row, { a: -0 }),
  'not a number': (row) => Object.assign(row, { a: Number.NaN }),
  'a fraction': (row) => Object.assign(row, { a: 0.5 }),
  'another type': (row) => Object.assign(row, { a: 'text', b: 1n }),
  'undefined as a value': (row) => Object.assign(row, { a: undefined }),
  'a lone surrogate': (row) => Object.assign(row, { b: '\ud800' }),
  'a key that was deleted': (row) => {
    row.c = 1;
    delete row.a;
    return row;
  },
  'a key that came back': (row) => {
    delete row.a;
    row.a = 1;
    return row;
  },
  'frozen properties': (row) => Object.freeze(row),
  'a sealed object': (row) => Object.seal(row),
  'a read-only property': (row) => Object.defineProperty(row, 'a', { writable: false }),
  'a hash': (row) => {
    new WeakSet([row]);
    return row;
  },
  'a private field': (row) => {
    if (!Stamp.isOn(new Stamp(row))) throw new Error('expected a private field');
    return row;
  },
};

/** Makes of a record one whose properties are in a dictionary: of several, V8 has one hidden class whatever the keys. */
export function dictionaryOf(row: Row): Row {
  const dictionary: Row = { first: 0, ...row };
  delete dictionary.first;
  return dictionary;
}
