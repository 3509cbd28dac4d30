import type { ParMapOptions } from '../options.js';
import { parOn } from '../par/par.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';

/**
 * Runs `fn` on every item in forked children, for what it does outside of memory. Nothing is sent back.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param fn any closure, asynchronous or not; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @throws (rejects with) as `parMap` does.
 */
export function parForEach<T>(
  items: Iterable<T> | ArrayLike<T>,
  fn: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<void> {
  return parForEachOn(defaultHost, items, fn, options);
}

/** As `parForEach`, on a pool's lanes. */
export async function parForEachOn<T>(
  host: Host,
  items: Iterable<T> | ArrayLike<T>,
  fn: (item: T, index: number) => unknown,
  options?: ParMapOptions,
): Promise<void> {
  await parOn(host, items, options).forEach(fn);
}
