import type { ParMapOptions } from '../options.js';
import { parOn } from '../par/par.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';

/**
 * `Array.prototype.findIndex`, in parallel: the index of the first item, in order, for which `test` passes. Ends early
 * as `parFind` does.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param test any closure, asynchronous or not; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @returns the index, or -1.
 * @throws (rejects with) as `parFind` does.
 */
export function parFindIndex<T>(
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<number> {
  return parFindIndexOn(defaultHost, items, test, options);
}

/** As `parFindIndex`, on a pool's lanes. */
export async function parFindIndexOn<T>(
  host: Host,
  items: Iterable<T> | ArrayLike<T>,
  test: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<number> {
  return parOn(host, items, options).findIndex(test);
}
