import { checkItems, outOfRange } from '@forkmap/core/internal';

/** A list of items as it was at the call: an array without holes, or a typed array of its own. */
export type ItemList<T> = ArrayLike<T>;

const MAX_ITEMS = 2 ** 31 - 1;

// WHY not the list's own: that of a Buffer does not copy.
const { slice: copyTypedArray } = Object.getPrototypeOf(Uint8Array.prototype);

/** Copies the items, shallowly, as `Array.from` would. Throws `ERR_INVALID_ARG_TYPE` for what is no list. */
export function copyItems<T>(items: Iterable<T> | ArrayLike<T>): ItemList<T> {
  checkItems(items);
  if (ArrayBuffer.isView(items) && !(items instanceof DataView)) {
    return copyTypedArray.call(items);
  }
  const { length } = items as ArrayLike<T>;
  const isIterable = typeof (items as Iterable<T>)[Symbol.iterator] === 'function';
  // WHY before they are copied: V8 would run out of memory. Items are counted by 31 bits.
  if (!isIterable && length > MAX_ITEMS) throw outOfRange('items.length', `<= ${MAX_ITEMS}`, length);
  // WHY not Array.from() for all: V8 copies an array that is spread in one go.
  return isIterable ? [...(items as Iterable<T>)] : Array.from(items);
}
