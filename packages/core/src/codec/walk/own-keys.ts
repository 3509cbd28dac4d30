import { inspect } from 'node:util';

// V8 has no way to list the keys of a list apart from its elements, and naming each of a million elements takes
// 0.2 s. `inspect` can be told to show what hangs on a list and none of its elements, in 1 to 2 µs, and calls no
// code of the value's. Its text is only ever trusted to say "nothing"; anything else makes us count the names.

/** Up to this length, naming the elements costs less. */
const FEW_ELEMENTS = 100;

const SHOW_NO_ELEMENTS = {
  maxArrayLength: 0,
  depth: 0,
  customInspect: false,
  getters: false,
  colors: false,
  compact: 3,
  numericSeparator: false,
  breakLength: Number.POSITIVE_INFINITY,
} as const;

const SHOW_HIDDEN_TOO = { ...SHOW_NO_ELEMENTS, showHidden: true } as const;

/** What hangs on an array besides its elements. */
export type ArrayExtras = 'none' | 'enumerable' | 'hidden';

/**
 * Says what an array has besides its elements and `length`: nothing, enumerable string keys (as the result of
 * `RegExp.exec` has), or something that cannot be sent (symbol keys, keys that are not enumerable, accessors).
 */
export function arrayExtras(array: readonly unknown[]): ArrayExtras {
  const { length } = array;
  if (length > FEW_ELEMENTS) {
    const shown = inspect(array, SHOW_HIDDEN_TOO);
    if (shown === `[ ... ${length} more items, [length]: ${length} ]`) return 'none';
  }
  if (Object.getOwnPropertySymbols(array).length > 0) return 'hidden';
  const names = Object.getOwnPropertyNames(array);
  if (names[names.length - 1] === 'length') return 'none';
  for (const name of namesBeyondLength(names)) {
    const property = Object.getOwnPropertyDescriptor(array, name);
    if (property === undefined || !property.enumerable || !Object.hasOwn(property, 'value')) return 'hidden';
  }
  return 'enumerable';
}

/** The keys of an array that `arrayExtras` calls enumerable extras. */
export function extraKeys(array: readonly unknown[]): string[] {
  return namesBeyondLength(Object.getOwnPropertyNames(array));
}

/** Names come in this order: elements, `length`, all others. */
function namesBeyondLength(names: string[]): string[] {
  return names.slice(names.lastIndexOf('length') + 1);
}

/**
 * True if a view has own properties besides its elements.
 * Not seen: string keys that are not enumerable, on a view of more than 100 elements; `inspect` would take 20 µs.
 */
export function viewHasExtras(view: ArrayBufferView): boolean {
  if (Object.getOwnPropertySymbols(view).length > 0) return true;
  const length = view instanceof DataView ? 0 : (view as Uint8Array).length;
  if (length > FEW_ELEMENTS && inspect(view, SHOW_NO_ELEMENTS).endsWith(`[ ... ${length} more items ]`)) {
    return false;
  }
  return Object.getOwnPropertyNames(view).length !== length;
}
