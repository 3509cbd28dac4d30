import type { ParMapOptions } from '../options.js';
import { parOn } from '../par/par.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';

type KeyFn<T, K> = (item: T, index: number) => K | PromiseLike<K>;

/**
 * `Map.groupBy`, in parallel: lists of the items by key, and of these very items; keys in the order in which they are
 * first met.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param key any closure, asynchronous or not, that gives a primitive value; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @throws (rejects with) as `parMap` does; `ERR_INVALID_ARG_TYPE` for a key that is an object.
 */
export function parGroupBy<T, K>(
  items: Iterable<T> | ArrayLike<T>,
  key: KeyFn<T, K>,
  options?: ParMapOptions,
): Promise<Map<K, T[]>> {
  return parGroupByOn(defaultHost, items, key, options);
}

/** As `parGroupBy`, on a pool's lanes. */
export async function parGroupByOn<T, K>(
  host: Host,
  items: Iterable<T> | ArrayLike<T>,
  key: KeyFn<T, K>,
  options?: ParMapOptions,
): Promise<Map<K, T[]>> {
  return parOn(host, items, options).groupBy(key);
}
