// biome-ignore-all lint/suspicious/noSparseArray: holes are what is tested
// biome-ignore-all lint/suspicious/noEmptyBlockStatements: functions are only refused here, never called
// biome-ignore-all lint/suspicious/noThenProperty: it must not be taken for a promise
// biome-ignore-all lint/complexity/noArguments: `arguments` is what is tested
import { readFileSync } from 'node:fs';
import { forkError } from '../errors/classes.js';

/** Results that arrive exactly, each made anew. Where two of a kind matter, they are in one result. */
export const SENDABLE: Record<string, () => unknown> = {
  undefined: () => undefined,
  null: () => null,
  booleans: () => [true, false],
  integers: () => [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 32, 2 ** 53, Number.MAX_SAFE_INTEGER],
  numbers: () => [0.1, 1e308, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  'minus zero': () => -0,
  'integers and minus zero': () => [1, -0, 0],
  bigints: () => [0n, -1n, 2n ** 64n, -(2n ** 1000n)],
  strings: () => ['', 'a', 'abc', 'é', '中文', '😀', '\0', '"\\\n\u2028<'],
  'lone surrogates': () => ['\ud800', '\udc00x', 'a\ud83d'],
  'a lone surrogate as a key': () => ({ '\ud800': 1 }),
  'long strings': () => ['x'.repeat(5000), 'é'.repeat(5000), '中'.repeat(5000)],
  'primitives of all types': () => [1, 'a', undefined, null, true, false, 10n, -0, 1.5, '', 'é', -5n],
  'a Date': () => new Date(1234567890123),
  dates: () => [new Date(0), new Date(Number.NaN), new Date(8.64e15), new Date(-8.64e15)],
  'regular expressions': () => [/a/, /b\/"c/giu, /[\u2028\n]/, /x/dsy],
  'a regular expression with lastIndex': () => Object.assign(/a/g, { lastIndex: 3 }),
  'a Map': () =>
    new Map<unknown, unknown>([
      ['a', 1],
      [{ k: 1 }, new Map()],
      [Number.NaN, -0],
      [undefined, null],
    ]),
  'a Set': () => new Set<unknown>([1, 'a', { s: 1 }, new Set([undefined]), Number.NaN]),
  'a URL': () => new URL('https://user:pass@example.com:8080/p?q=1#h'),
  URLSearchParams: () => new URLSearchParams('a=1&a=2&b=%20'),
  'boxed primitives': () => [
    Object(1),
    Object(-0),
    Object(Number.NaN),
    Object('str'),
    Object('\ud800'),
    Object(false),
    Object(5n),
  ],
  'an ArrayBuffer': () => Uint8Array.of(1, 2, 3).buffer,
  'an empty ArrayBuffer': () => new ArrayBuffer(0),
  'a Buffer': () => Buffer.from('some bytes of a pool'),
  Buffers: () => [Buffer.from('a'), Buffer.alloc(0), Buffer.alloc(70_000, 7)],
  'typed arrays': () => [
    Int8Array.of(-1),
    Uint8Array.of(255),
    Uint8ClampedArray.of(255),
    Int16Array.of(-1, 1),
    Uint16Array.of(65535),
    Int32Array.of(-1),
    Uint32Array.of(2 ** 32 - 1),
    Float32Array.of(0.5),
    Float64Array.of(0.1, -0, Number.NaN),
    BigInt64Array.of(-1n),
    BigUint64Array.of(2n ** 64n - 1n),
    new Uint8Array(0),
  ],
  'a Float16Array, where there is one': () => {
    const { Float16Array } = globalThis as unknown as { Float16Array?: Uint16ArrayConstructor };
    return Float16Array === undefined ? undefined : Float16Array.of(0.5, -0);
  },
  'views of one kind': () => [Float64Array.of(1, 2), Float64Array.of(), Float64Array.of(3)],
  'a part of a buffer': () => new Uint8Array(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7).buffer, 3, 2),
  'a DataView': () => new DataView(Uint8Array.of(0, 1, 2, 3).buffer, 1, 2),
  'a large typed array': () => Float64Array.from({ length: 1000 }, (_, i) => i),
  'plain objects': () => ({ a: 1, b: { c: [{}], 'odd key': 1, '': 2 }, 3: 4, 1: 2 }),
  'an object without prototype': () => Object.assign(Object.create(null), { a: 1, toString: 2 }),
  'own __proto__': () => JSON.parse('{"a":1,"__proto__":{"polluted":true},"b":[{"__proto__":1}]}'),
  'own __proto__ without prototype': () => {
    const value = Object.create(null);
    Object.defineProperty(value, '__proto__', property(1));
    return value;
  },
  'keys as on Object.prototype': () => ({
    constructor: 1,
    toString: null,
    hasOwnProperty: 'x',
    valueOf: [],
    length: 3,
  }),
  'keys with separators': () => [{ a: 1, b: 2 }, { 'a\0b': 1 }, { 'a\0b': 1, c: [] }, { a: 1, 'b\0c': {} }],
  'names that codecs use': () => [
    ['$', 1],
    [':T', 0],
    ['Date', 'x'],
    ['Map', 1, 2],
    [-1],
    [-2],
    [-7, 5, 0, 1],
  ],
  holes: () => [, 1, , 2, ,],
  'an array of holes': () => new Array(5),
  'a very sparse array': () => Object.assign([], { 4000000000: 'far' }),
  'an array with named keys': () => 'xabc'.match(/(?<first>a)(z)?b/),
  'a long array with named keys': () =>
    Object.assign(
      Array.from({ length: 500 }, (_, i) => i),
      { name: { a: 1 } },
    ),
  'a sparse array with named keys': () => Object.assign([], { 7: 1, name: 'x' }),
  records: () =>
    Array.from({ length: 300 }, (_, id) => ({ id, name: `n${id}`, score: id / 7, ok: id % 2 === 0 })),
  'records with gaps': () => [
    { a: null, b: undefined },
    { a: { c: 1 }, b: [1] },
    { a: undefined, b: null },
  ],
  'nested records': () =>
    Array.from({ length: 120 }, (_, i) => ({
      at: { x: i, y: [i, i + 1] },
      on: new Date(i),
      tags: [`t${i}`],
      raw: Uint8Array.of(i),
    })),
  'records with integer keys': () => [
    { 2: 'b', 1: 'a', z: 0 },
    { 1: 'c', 2: 'd', z: 1 },
  ],
  'records of two shapes': () => [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }],
  'a column of objects and primitives': () => [{ a: 1 }, { a: { b: 1 } }, { a: [1] }, { a: 'x' }],
  'empty objects and arrays': () => [{}, {}, [], [], { a: {} }, { a: [] }],
  'arrays of arrays': () => [[1, 2], [], [3.5, -0]],
  'one object in two places': () => {
    const shared = { s: 1 };
    return { a: shared, b: [shared], c: new Map([[shared, shared]]), d: new Set([shared]) };
  },
  'one Date in two places': () => {
    const shared = new Date(5);
    return [
      { from: shared, to: shared },
      { from: new Date(6), to: new Date(7) },
    ];
  },
  'one array in two places': () => {
    const shared = [1, 2];
    return [shared, shared];
  },
  'one view in two places': () => {
    const shared = Float32Array.of(1);
    return [shared, shared, { shared }];
  },
  'one empty object in two places': () => {
    const shared = {};
    return { a: shared, b: shared };
  },
  'a cycle': () => {
    const value: Record<string, unknown> = { list: [] };
    (value.list as unknown[]).push(value, { value });
    return value;
  },
  'records in cycles': () => {
    const rows: Record<string, unknown>[] = [{ id: 0 }, { id: 1 }];
    for (const row of rows) row.self = row;
    return rows;
  },
  'records that hold each other': () => {
    const a: Record<string, unknown> = {};
    const b = { other: a };
    a.other = b;
    return [a, b];
  },
  'an array that holds itself': () => {
    const value: unknown[] = [1];
    value.push(value);
    return value;
  },
  'a Map that holds itself': () => {
    const value = new Map<unknown, unknown>();
    return value.set(value, value);
  },
  'a cycle through an object without prototype': () => {
    const value = Object.create(null);
    value.self = { value };
    return value;
  },
  'a cycle through own __proto__': () => {
    const value = JSON.parse('{"__proto__":{}}');
    Object.getOwnPropertyDescriptor(value, '__proto__')?.value.list?.push(value);
    value.self = [value];
    return value;
  },
  errors: () => [
    new Error('e'),
    new TypeError('t'),
    new RangeError('r'),
    new SyntaxError('s'),
    new ReferenceError('f'),
    new EvalError('v'),
    new URIError('u'),
    new Error(''),
    new Error(),
  ],
  'errors with causes': () =>
    new Error('a', { cause: new TypeError('b', { cause: { c: new RangeError('d') } }) }),
  'an error with an undefined cause': () => new Error('a', { cause: undefined }),
  'an AggregateError': () =>
    new AggregateError([new Error('a'), 5, new TypeError('b')], 'several', { cause: 1 }),
  'an error with properties': () =>
    Object.assign(new Error('e'), { code: 'E', status: 500, details: [{ a: 1 }] }),
  'an error with a name': () => Object.assign(new Error('e'), { name: 'Renamed' }),
  'an error that lost its stack': () => {
    const error = new Error('e');
    delete error.stack;
    return error;
  },
  'a cycle through errors': () => {
    const error = new Error('a') as Error & { self?: unknown };
    error.cause = Object.assign(new Error('b'), { parent: error, in: { error } });
    error.self = error;
    return [error, error.cause];
  },
  'a system error': () => caught(() => readFileSync('/no/such/file')),
  "one of Node's own errors": () => caught(() => Buffer.alloc('x' as unknown as number)),
  'a DOMException': () => new DOMException('gone', 'AbortError'),
  'a ForkError': () =>
    forkError('ERR_FORKMAP_KILLED', 'died', {
      pid: 5,
      signal: 'SIGSEGV',
      chunk: { start: 0, end: 3 },
      cause: new Error('c'),
    }),
  'settled promises': () => [
    { status: 'fulfilled', value: 1 },
    { status: 'rejected', reason: new Error('no') },
  ],
  'data beside errors': () => ({
    error: new Error('e'),
    bytes: Buffer.from('b'),
    view: Float64Array.of(1),
    list: [1, , 2],
  }),
  'a value with `then`': () => ({ then: 1 }),
  'nested objects': () => nested(900, (next) => ({ next })),
  'nested arrays': () => nested(900, (next) => [next]),
  'nested Maps': () => nested(900, (next) => new Map([[1, next]])),
  'nested Map keys': () => nested(900, (next) => new Map([[next, 1]])),
  'nested Sets': () => nested(900, (next) => new Set([next])),
  'nested errors': () => nested(450, (cause) => new Error('e', { cause })),
  'nested __proto__': () => nested(450, (next) => Object.defineProperty({}, '__proto__', property(next))),
  'nested arrays with named keys': () => nested(450, (next) => Object.assign([1], { next })),
  'nested objects without prototype': () =>
    nested(900, (next) => Object.assign(Object.create(null), { next })),
  'frozen objects': () => Object.freeze({ a: Object.freeze([1]) }),
};

function caught(throwing: () => unknown): unknown {
  try {
    return throwing();
  } catch (error) {
    return error;
  }
}

/** A value with this many levels around it. */
export function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = wrap(value);
  return value;
}

function property(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, configurable: true, writable: true };
}
