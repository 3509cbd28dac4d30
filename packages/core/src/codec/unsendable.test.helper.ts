// biome-ignore-all lint/suspicious/noSparseArray: holes are what is tested
// biome-ignore-all lint/suspicious/noEmptyBlockStatements: functions are only refused here, never called
// biome-ignore-all lint/suspicious/noThenProperty: it must not be taken for a promise
// biome-ignore-all lint/complexity/noArguments: `arguments` is what is tested

export class Socket {
  readonly fd = 5;
}

/** Results that cannot be sent, and the path to the reason. */
export const UNSENDABLE: Record<string, [make: () => unknown, path: string]> = {
  'a function': [() => () => {}, ''],
  'a symbol': [() => Symbol('s'), ''],
  'an instance': [() => ({ list: [1, { owner: { socket: new Socket() } }] }), '.list[1].owner.socket'],
  'an instance among records': [
    () => [
      { a: 1, b: 2 },
      { a: 1, b: new Socket() },
    ],
    '[1].b',
  ],
  'a function among records': [() => [{ a: 1 }, { a: () => {} }], '[1].a'],
  'a promise': [() => ({ p: Promise.resolve(1) }), '.p'],
  'a WeakMap': [() => [new WeakMap()], '[0]'],
  'a WeakRef': [() => [new WeakRef({})], '[0]'],
  'a generator': [() => [(function* () {})()], '[0]'],
  'a symbol in a Map key': [() => new Map([[{ a: [Symbol('s')] }, 1]]), '.keys()[0].a[0]'],
  'a function as the value of a Map': [() => new Map([['k"', () => {}]]), '.get("k\\"")'],
  'a function in a Set': [() => new Set([1, () => {}]), '.values()[1]'],
  'an odd key': [() => ({ 'a b': { '': () => {} } }), '["a b"][""]'],
  'a Proxy': [() => ({ a: new Proxy({}, {}) }), '.a'],
  'a Proxy among records': [() => [{ a: 1 }, new Proxy({ a: 1 }, {})], '[1]'],
  'a Proxy of an array': [() => [[1], new Proxy([1], {})], '[1]'],
  'an accessor': [
    () => ({
      a: {
        get x() {
          return 1;
        },
      },
    }),
    '.a',
  ],
  'an accessor among records': [
    () => [
      { x: 1 },
      {
        get x() {
          return 1;
        },
      },
    ],
    '[1]',
  ],
  'a symbol key': [() => ({ a: { [Symbol('s')]: 1 } }), '.a'],
  'a symbol key among records': [() => [{ a: 1 }, { a: 1, [Symbol('s')]: 1 }], '[1]'],
  'a property that is not enumerable': [() => [Object.defineProperty({}, 'x', { value: 1 })], '[0]'],
  'a hidden property among records': [() => [{ x: 1 }, Object.defineProperty({}, 'x', { value: 1 })], '[1]'],
  arguments: [
    () =>
      (function (..._: unknown[]) {
        return arguments;
      })(1),
    '',
  ],
  'a symbol key on an array': [() => [Object.assign([1], { [Symbol('s')]: 1 })], '[0]'],
  'a hidden key on an array': [() => [Object.defineProperty([1], 'x', { value: 1 })], '[0]'],
  'a hidden key on a long array': [
    () => [Object.defineProperty(new Array(500).fill(1), 'x', { value: 1 })],
    '[0]',
  ],
  'a symbol key on a long array': [
    () => [Object.assign(new Array(500).fill(1), { [Symbol('s')]: 1 })],
    '[0]',
  ],
  'a function under a named key of an array': [() => Object.assign([1], { f: () => {} }), '.f'],
  'the strings of a template': [() => ((strings: TemplateStringsArray, _: number) => strings)`a${1}`, ''],
  'a subclass of Array': [() => [new (class List extends Array {})()], '[0]'],
  'a subclass of Map': [() => [new (class Index extends Map {})()], '[0]'],
  'a subclass of Date': [() => [new Date(), new (class Day extends Date {})()], '[1]'],
  'a subclass of Uint8Array': [() => [new (class Bytes extends Uint8Array {})(1)], '[0]'],
  'a subclass of Error': [() => [new (class HttpError extends Error {})()], '[0]'],
  'an error with an instance': [() => Object.assign(new Error('e'), { socket: new Socket() }), '.socket'],
  'an error with an instance as its cause': [() => new Error('e', { cause: [new Socket()] }), '.cause[0]'],
  'an AggregateError of instances': [() => new AggregateError([1, new Socket()]), '.errors[1]'],
  'an error with a symbol key': [() => Object.assign(new Error('e'), { [Symbol('s')]: 1 }), ''],
  'an error with an accessor': [
    () => Object.defineProperty(new Error('e'), 'x', { get: () => 1, enumerable: true }),
    '',
  ],
  'a key on a Date': [() => ({ d: Object.assign(new Date(), { x: 1 }) }), '.d'],
  'a key on a Date among records': [
    () => [{ d: new Date() }, { d: Object.assign(new Date(), { x: 1 }) }],
    '[1].d',
  ],
  'a symbol key on a Date': [() => [Object.assign(new Date(), { [Symbol('s')]: 1 })], '[0]'],
  'a symbol key on a Map': [() => [Object.assign(new Map(), { [Symbol('s')]: 1 })], '[0]'],
  'a symbol key on a Set': [() => [Object.assign(new Set(), { [Symbol('s')]: 1 })], '[0]'],
  'a key on a Set': [() => [new Set(), Object.assign(new Set(), { x: 1 })], '[1]'],
  'a key on a Map': [() => Object.assign(new Map(), { x: 1 }), ''],
  'a key on a RegExp': [() => Object.assign(/a/, { x: 1 }), ''],
  'a key on a boxed string': [() => Object.assign(Object('abc'), { x: 1 }), ''],
  'a key on a Buffer': [() => [Object.assign(Buffer.from('abc'), { x: 1 })], '[0]'],
  'a key on a long Buffer': [() => [Object.assign(Buffer.alloc(500), { x: 1 })], '[0]'],
  'a symbol key on a typed array': [() => [Object.assign(new Uint8Array(500), { [Symbol('s')]: 1 })], '[0]'],
  'a boxed symbol': [() => [Object(Symbol('s'))], '[0]'],
  'a SharedArrayBuffer': [() => [new SharedArrayBuffer(1)], '[0]'],
  'a view of a SharedArrayBuffer': [() => [new Uint8Array(new SharedArrayBuffer(1))], '[0]'],
  'a detached ArrayBuffer': [() => [detached()], '[0]'],
  'a view of a detached ArrayBuffer': [() => [detachedView()], '[0]'],
  'what only inherits from Map': [() => [Object.create(Map.prototype)], '[0]'],
  'what only inherits from Date': [() => [Object.create(Date.prototype)], '[0]'],
  'what only inherits from Uint8Array': [() => [Object.create(Uint8Array.prototype)], '[0]'],
  'what only inherits from URL': [() => [Object.create(URL.prototype)], '[0]'],
  'what only inherits from Error': [() => [Object.create(Error.prototype)], '[0]'],
  'what inherits from a plain object': [() => [Object.create({ a: 1 })], '[0]'],
  'a URL with a key': [() => Object.assign(new URL('http://a'), { x: 1 }), ''],
  Math: [() => [Math], '[0]'],
  globalThis: [() => [globalThis], '[0]'],
};

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

function detachedView(): Uint8Array {
  const view = new Uint8Array(8);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}
