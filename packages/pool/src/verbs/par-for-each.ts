import { checkFn } from '@forkmap/core/internal';
import { copyItems } from '../items.js';
import type { ParMapOptions } from '../options.js';
import { parOn } from '../par/par.js';
import { refuseSettle } from '../par/run.js';
import { mapOn } from '../par-map.js';
import { callOptions } from '../pool/call-options.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';
import { discardResult } from '../recipe/item-functions.js';
import { made } from '../recipe/made.js';

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
  if (options?.onSettled === undefined && options?.journal === undefined) {
    await parOn(host, items, options).forEach(fn);
    return;
  }
  checkFn(fn);
  refuseSettle(callOptions(host, options).options, 'parForEach');
  // WHY a map: each item is told of, and so has to come back.
  const each = made(discardResult, fn as never) as typeof fn;
  await mapOn(host, copyItems(items), each, {
    verb: 'parForEach',
    given: options,
    code: fn,
  });
}
