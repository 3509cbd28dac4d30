import type { ParMapOptions } from '../options.js';
import { parOn } from '../par/par.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';

type FlatMapFn<T, R> = (item: T, index: number) => R | readonly R[] | PromiseLike<R | readonly R[]>;

/**
 * `Array.prototype.flatMap`, in parallel: what `fn` returns, in the order of the items, arrays spread by one level.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param fn any closure, asynchronous or not; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @throws (rejects with) as `parMap` does.
 */
export function parFlatMap<T, R>(
  items: Iterable<T> | ArrayLike<T>,
  fn: FlatMapFn<T, R>,
  options?: ParMapOptions,
): Promise<R[]> {
  return parFlatMapOn(defaultHost, items, fn, options);
}

/** As `parFlatMap`, on a pool's lanes. */
export async function parFlatMapOn<T, R>(
  host: Host,
  items: Iterable<T> | ArrayLike<T>,
  fn: FlatMapFn<T, R>,
  options?: ParMapOptions,
): Promise<R[]> {
  return parOn(host, items, options).flatMap(fn).collect() as Promise<R[]>;
}
