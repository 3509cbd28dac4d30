import { checkFn, throwIfAborted } from '@forkmap/core/internal';
import { ForkedCall } from './call/forked-call.js';
import { mapInline } from './inline.js';
import { copyItems } from './items.js';
import type { ParMapOptions } from './options.js';
import { callOptions } from './pool/call-options.js';
import { defaultHost } from './pool/default-host.js';
import type { Host } from './pool/host.js';
import { mapItem } from './recipe/item-functions.js';
import { asList, made } from './recipe/made.js';
import { Results } from './settle/results.js';

/**
 * `Array.prototype.map`, in parallel: runs `fn` on every item in forked children that inherit all that this thread's
 * JavaScript can reach, and gives back the results in the order of the items.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized. Holes count as `undefined`.
 * @param fn any closure over anything, asynchronous or not; called with the item and its index.
 * @param options see `ParMapOptions`.
 * @returns what `fn` returned, per item, in order; `PromiseSettledResult`s with `settle: true`. An empty list gives an
 *   empty array, and forks nothing.
 * @throws (rejects with) the failure of the lowest index known: what `fn` threw, or a `ForkError`; `signal.reason` when
 *   aborted. By then nothing is left running. `TypeError` or `RangeError` for wrong arguments, with nothing forked.
 */
export function parMap<T, R>(
  items: Iterable<T> | ArrayLike<T>,
  fn: (item: T, index: number) => R | PromiseLike<R>,
  options: ParMapOptions & { settle: true },
): Promise<PromiseSettledResult<Awaited<R>>[]>;
export function parMap<T, R>(
  items: Iterable<T> | ArrayLike<T>,
  fn: (item: T, index: number) => R | PromiseLike<R>,
  options?: ParMapOptions,
): Promise<R[]>;
export function parMap<T, R>(
  items: Iterable<T> | ArrayLike<T>,
  fn: (item: T, index: number) => R | PromiseLike<R>,
  options?: ParMapOptions,
): Promise<unknown[]> {
  return parMapOn(defaultHost, items, fn, options);
}

/** As `parMap`, on a pool's lanes. */
export async function parMapOn<T>(
  host: Host,
  items: Iterable<T> | ArrayLike<T>,
  fn: (item: T, index: number) => unknown,
  given?: ParMapOptions,
): Promise<unknown[]> {
  checkFn(fn);
  const { options, lanes, isInline, engine, ownsLanes } = callOptions(host, given);
  const list = copyItems(items);
  throwIfAborted(options.signal);
  if (list.length === 0) return [];
  const call = host.open(ownsLanes);
  if (isInline) return mapInline(list, fn, options).finally(() => call.close());
  const ledger = new Results(list.length, options.settle);
  const invoke = made(mapItem, asList(list), fn as never);
  await new ForkedCall({
    verb: 'parMap',
    length: list.length,
    invoke,
    ledger,
    options,
    lanes,
    engine,
    reads: (range) => [{ list, ...range }],
    host: call,
  }).run();
  return ledger.values;
}
