import type { ParMapOptions } from '../options.js';
import { parOn } from '../par/par.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';

/**
 * `Array.prototype.some`, in parallel: whether `test` passes for an item. As soon as any child has seen one, all
 * children are ended.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param test any closure, asynchronous or not; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @throws (rejects with) as `parMap` does, where that is known before an item has passed.
 */
export function parSome<T>(
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<boolean> {
  return parSomeOn(defaultHost, items, test, options);
}

/** As `parSome`, on a pool's lanes. */
export async function parSomeOn<T>(
  host: Host,
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<boolean> {
  return parOn(host, items, options).some(test);
}
