import type { ParMapOptions } from '../options.js';
import { parOn } from '../par/par.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';

/**
 * `Array.prototype.every`, in parallel: whether `test` passes for all items. As soon as any child has seen one for
 * which it does not, all children are ended.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param test any closure, asynchronous or not; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @throws (rejects with) as `parMap` does, where that is known before an item has not passed.
 */
export function parEvery<T>(
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<boolean> {
  return parEveryOn(defaultHost, items, test, options);
}

/** As `parEvery`, on a pool's lanes. */
export async function parEveryOn<T>(
  host: Host,
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<boolean> {
  return parOn(host, items, options).every(test);
}
