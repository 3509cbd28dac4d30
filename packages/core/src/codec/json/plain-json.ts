/**
 * Whether JSON says all of a value: what `JSON.parse` makes of its text equals it, with the same prototypes. False for
 * `undefined`, `-0`, a `Date`, a cycle, an object that is there twice, and for whatever else only our codec keeps.
 */
export function isPlainJson(value: unknown): boolean {
  return isPlain(value, new Set());
}

function isPlain(value: unknown, seen: Set<object>): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      return value === null || isPlainObject(value, seen);
    default:
      return false;
  }
}

function isPlainObject(value: object, seen: Set<object>): boolean {
  if (seen.has(value)) return false;
  seen.add(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return prototype === Array.prototype && isPlainArray(value, seen);
  if (prototype !== Object.prototype) return false;
  const keys = Reflect.ownKeys(value);
  for (const key of keys) {
    // WHY: `JSON.parse` and an object literal do not mean the same by `__proto__`, and `toJSON` would be called.
    if (typeof key !== 'string' || key === '__proto__' || key === 'toJSON') return false;
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (!property?.enumerable || !('value' in property) || !isPlain(property.value, seen)) return false;
  }
  return true;
}

function isPlainArray(array: readonly unknown[], seen: Set<object>): boolean {
  // One more than its elements: `length`. Holes and named properties change the number.
  if (Reflect.ownKeys(array).length !== array.length + 1) return false;
  for (let at = 0; at < array.length; at++) {
    if (!Object.hasOwn(array, at) || !isPlain(array[at], seen)) return false;
  }
  return true;
}
