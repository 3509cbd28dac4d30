import { checkFn, throwIfAborted } from '@forkmap/core/internal';
import { MapRun } from './call/map-run.js';
import { copyItems, type ItemList } from './items.js';
import { hearersOf } from './journal/hearers.js';
import type { ParMapOptions } from './options.js';
import { callOptions } from './pool/call-options.js';
import { defaultHost } from './pool/default-host.js';
import type { Host } from './pool/host.js';
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
  return mapOn(host, copyItems(items), fn, { verb: 'parMap', given });
}

/** As `parMapOn`, of arguments that are right. `code`: the caller's function, where `fn` is made of it. */
export async function mapOn<T>(
  host: Host,
  list: ItemList<T>,
  fn: (item: T, index: number) => unknown,
  { verb, given, code = fn }: { verb: string; given: ParMapOptions | undefined; code?: unknown },
): Promise<unknown[]> {
  const call = callOptions(host, given);
  const { options } = call;
  throwIfAborted(options.signal);
  if (list.length === 0) return [];
  const results = new Results<unknown>(list.length, options.settle);
  const opening = hearersOf(options, code);
  // WHY not always: a call without a journal begins at once.
  const hearers = opening instanceof Promise ? await opening : opening;
  try {
    await new MapRun({ verb, list, fn, results, call, hearers, host: host.open(call.ownsLanes) }).run();
  } finally {
    hearers.journal?.close();
  }
  return results.values;
}
