import { freemem } from 'node:os';
import { forkError, has, native, systemError } from '@forkmap/core/internal';
import type { SysError } from '@forkmap/native';
import { sharedMemory } from './engine/fork/map-ahead.js';
import { checkSharedArray } from './options.js';

/** Less is not worth the wait. */
const LEAST_TAKEN_BYTES = 2 ** 24;
/** WHY bounds: of what is larger, little may be used; and memory that is taken is missed by others. */
const MOST_TAKEN_BYTES = 2 ** 28;
const MOST_TAKEN_OF_FREE = 1 / 4;

/** The constructors of typed arrays. */
export type TypedArrayConstructor =
  | Int8ArrayConstructor
  | Uint8ArrayConstructor
  | Uint8ClampedArrayConstructor
  | Int16ArrayConstructor
  | Uint16ArrayConstructor
  | Int32ArrayConstructor
  | Uint32ArrayConstructor
  | Float32ArrayConstructor
  | Float64ArrayConstructor
  | BigInt64ArrayConstructor
  | BigUint64ArrayConstructor;

/**
 * A typed array in memory that this process and its children share: what a child writes is there for all, in place, and
 * nothing is sent. `parForEach(range, (i) => { out[i] = f(i) })`. Unlike a `SharedArrayBuffer`, which each child copies.
 *
 * Writes of different children to different elements need no care; to the same, use `Atomics`. It is shared by the
 * children that are forked after it was made, through any number of calls, and freed with the last reference to it. Of
 * 16 MiB to 256 MiB the memory is taken when it is made, if that is no more than a quarter of what is free, as far as the
 * system has huge pages for it and this takes less than 50 ms. The rest is taken when it is used.
 *
 * @param kind `Float64Array`, `Uint8Array`, …: any kind of typed array
 * @param source how many elements (all zero), or a list to copy from
 * @returns the array. Its `buffer` cannot be resized or transferred.
 * @throws `ERR_FORKMAP_PIPE` where there is no memory; `TypeError` or `RangeError` for wrong arguments
 */
export function sharedArray<C extends TypedArrayConstructor>(
  kind: C,
  source: number | Iterable<InstanceType<C>[number]> | ArrayLike<InstanceType<C>[number]>,
): InstanceType<C> {
  checkSharedArray(kind, source);
  const items = typeof source === 'number' ? undefined : 'length' in source ? source : Array.from(source);
  const length = typeof source === 'number' ? source : (items as ArrayLike<unknown>).length;
  const buffer = shareMemory(length * kind.BYTES_PER_ELEMENT);
  if (has(buffer, 'errno')) {
    const cause = systemError(buffer);
    throw forkError('ERR_FORKMAP_PIPE', `sharedArray: ${cause.message}`, { cause });
  }
  sharedMemory.add(buffer);
  const array = new kind(buffer, 0, length) as InstanceType<C>;
  if (items) (array as unknown as { set(items: ArrayLike<unknown>): void }).set(items as ArrayLike<unknown>);
  return array;
}

/** WHY taken at once: a child maps a huge page with one fault, instead of 512, and lets go of it as quickly. */
function shareMemory(bytes: number): ArrayBuffer | SysError {
  const isOfSize = bytes >= LEAST_TAKEN_BYTES && bytes <= MOST_TAKEN_BYTES;
  return native().shareMemory(bytes, isOfSize && bytes <= freeBytes() * MOST_TAKEN_OF_FREE);
}

/** WHY not `freemem` alone: it knows nothing of a container's limit. */
function freeBytes(): number {
  return process.availableMemory?.() ?? freemem();
}
