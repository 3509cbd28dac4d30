import { types } from 'node:util';

/**
 * Says how two values differ, by everything that arriving "exactly" means: types, prototypes, all own keys in their
 * order, holes, -0, bytes, what errors carry, and which objects are one and the same. Undefined if they do not.
 */
export function difference(a: unknown, b: unknown): string | undefined {
  return compare(a, b, '', new Map(), new Map());
}

type Pairs = Map<object, object>;

function compare(a: unknown, b: unknown, path: string, there: Pairs, back: Pairs): string | undefined {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
    return Object.is(a, b) ? undefined : `${path}: ${String(a)} is not ${String(b)}`;
  }
  if (there.has(a) || back.has(b)) {
    return there.get(a) === b && back.get(b) === a ? undefined : `${path}: another identity`;
  }
  there.set(a, b);
  back.set(b, a);
  if (prototypeOf(a) !== prototypeOf(b)) return `${path}: another prototype`;
  if (slots(a) !== slots(b)) return `${path}: ${slots(a)} is not ${slots(b)}`;
  const keys = keysOf(a);
  if (keys.join() !== keysOf(b).join()) return `${path}: keys ${keys.join()} are not ${keysOf(b).join()}`;
  for (const key of keys) {
    const [x, y] = [Object.getOwnPropertyDescriptor(a, key)!, Object.getOwnPropertyDescriptor(b, key)!];
    if (x.enumerable !== y.enumerable) return `${path}.${key}: enumerable or not`;
    const [v, w] = [Reflect.get(a, key), Reflect.get(b, key)];
    const found = compare(v, w, `${path}.${key}`, there, back);
    if (found !== undefined) return found;
  }
  return compareMembers(a, b, path, there, back);
}

/** Node's own errors have a class of their own between them and the built-in one. */
function prototypeOf(value: object): unknown {
  const prototype = Object.getPrototypeOf(value);
  return types.isNativeError(value) && 'code' in value && prototype.constructor.name !== 'Error'
    ? prototype.constructor.name
    : prototype;
}

/** Names and symbols, but not the elements of views, and of errors only what is promised. */
function keysOf(value: object): string[] {
  if (ArrayBuffer.isView(value)) return Object.getOwnPropertyNames(value).filter((key) => !/^\d+$/.test(key));
  const keys = Reflect.ownKeys(value);
  if (!types.isNativeError(value) && !(value instanceof DOMException)) return keys.map(String);
  const standard = ['message', 'stack', 'cause', 'errors', 'name'];
  return keys
    .filter((key) => standard.includes(String(key)) || Object.prototype.propertyIsEnumerable.call(value, key))
    .map(String);
}

/** What an object holds beside properties, as text. */
function slots(value: object): string {
  if (types.isDate(value)) return `date ${value.getTime()}`;
  if (types.isRegExp(value)) return `regexp ${value.source}/${value.flags}`;
  if (value instanceof URL || value instanceof URLSearchParams) return `url ${value}`;
  if (types.isBoxedPrimitive(value))
    return `boxed ${typeof value.valueOf()} ${Object.is(value.valueOf(), -0)} ${value}`;
  if (types.isArrayBuffer(value)) return `buffer ${Buffer.from(value).toString('hex')}`;
  if (value instanceof DOMException) return `exception ${value.name}: ${value.message}`;
  if (ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return `view ${Object.prototype.toString.call(value)} ${bytes.toString('hex')}`;
  }
  return Array.isArray(value) ? `array ${value.length}` : Object.prototype.toString.call(value);
}

function compareMembers(a: object, b: object, path: string, there: Pairs, back: Pairs): string | undefined {
  if (!(a instanceof Map || a instanceof Set) || !(b instanceof Map || b instanceof Set)) return undefined;
  const [x, y] = [[...a], [...b]];
  if (x.length !== y.length) return `${path}: ${x.length} entries are not ${y.length}`;
  for (let i = 0; i < x.length; i++) {
    const [m, n] = a instanceof Map ? [x[i] as unknown[], y[i] as unknown[]] : [[x[i]], [y[i]]];
    for (let j = 0; j < m.length; j++) {
      const found = compare(m[j], n[j], `${path}(${i})`, there, back);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
