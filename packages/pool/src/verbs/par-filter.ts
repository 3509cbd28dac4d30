import type { ParMapOptions } from '../options.js';
import { parOn } from '../par/par.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';

/**
 * `Array.prototype.filter`, in parallel: the items for which `test` passes, in order, and these very items: only their
 * places are sent.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param test any closure, asynchronous or not; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @throws (rejects with) as `parMap` does.
 */
export function parFilter<T, S extends T>(
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => item is S,
  options?: ParMapOptions,
): Promise<S[]>;
export function parFilter<T>(
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<T[]>;
export function parFilter<T>(
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<T[]> {
  return parFilterOn(defaultHost, items, test, options);
}

/** As `parFilter`, on a pool's lanes. */
export async function parFilterOn<T>(
  host: Host,
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<T[]> {
  return parOn(host, items, options).filter(test).collect();
}
