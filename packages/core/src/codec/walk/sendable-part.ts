import { types } from 'node:util';

/** Deeper parts are sent whole, or not at all. */
const MAX_DEPTH = 8;

/**
 * A copy of a list or a plain object, with what can be sent of it: other properties are left out, other elements are
 * `undefined`. Undefined for what is neither.
 */
export function sendablePart(value: unknown, canSend: (value: unknown) => boolean, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || types.isProxy(value) || depth > MAX_DEPTH)
    return undefined;
  const partOf = (one: unknown) => (canSend(one) ? one : sendablePart(one, canSend, depth + 1));
  let part: object;
  if (Array.isArray(value)) {
    part = value.map(partOf);
  } else {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return undefined;
    part = Object.fromEntries(
      Object.entries(Object.getOwnPropertyDescriptors(value)).flatMap(([key, property]) => {
        const own =
          property.enumerable && Object.hasOwn(property, 'value') ? partOf(property.value) : undefined;
        return own === undefined ? [] : [[key, own]];
      }),
    );
  }
  return canSend(part) ? part : undefined;
}
