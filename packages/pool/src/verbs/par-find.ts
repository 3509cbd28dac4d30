import type { ParMapOptions } from '../options.js';
import { parOn } from '../par/par.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';

/**
 * `Array.prototype.find`, in parallel: the first item, in order, for which `test` passes, and this very item. Once one
 * is known, nothing after it is begun, and nothing of it waited for.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param test any closure, asynchronous or not; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @returns the item, or undefined.
 * @throws (rejects with) as `parMap` does; a failure after the item that was found is none.
 */
export function parFind<T, S extends T>(
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => item is S,
  options?: ParMapOptions,
): Promise<S | undefined>;
export function parFind<T>(
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<T | undefined>;
export function parFind<T>(
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<T | undefined> {
  return parFindOn(defaultHost, items, test, options);
}

/** As `parFind`, on a pool's lanes. */
export async function parFindOn<T>(
  host: Host,
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<T | undefined> {
  return parOn(host, items, options).find(test);
}
