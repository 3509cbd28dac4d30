import { checkFn, throwIfAborted } from '@forkmap/core/internal';
import type { Range } from '../call/chunks.js';
import { ForkedCall } from '../call/forked-call.js';
import { warmHere } from '../inline.js';
import { copyItems, type ItemList } from '../items.js';
import type { ParMapOptions } from '../options.js';
import { refuseSettle } from '../par/run.js';
import { type CallOptions, callOptions } from '../pool/call-options.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';
import { loadTasks, loadTasksNow } from '../recipe/describe.js';
import { asList, type ItemsRead, made } from '../recipe/made.js';
import { Results } from '../settle/results.js';
import { isMergeWorthForking, isWorthForking } from '../sort/estimate.js';
import type { Compare } from '../sort/order.js';
import { type RunOrder, type Sortable, sortable } from '../sort/sort-list.js';
import { sortRunOf } from '../sort/sort-run.js';

/** Typed arrays, and what they are arrays of. */
type Numbers =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;
type BigInts = BigInt64Array | BigUint64Array;

/**
 * `Array.prototype.toSorted`, in parallel: each child sorts a run of the items and sends their indices; the runs are
 * merged here. Stable. Typed arrays give typed arrays of their kind, sorted as these sort themselves.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param compare any synchronous closure. Default: the default order of `Array`, or of the typed array.
 * @param options as of `parMap`, but for `settle`. Where neither `chunk` nor `engine: 'fork'` is given, a list that
 *   this thread is thought to sort faster by itself is sorted here.
 * @returns the items themselves, in order.
 * @throws (rejects with) what `compare` threw, and as `parMap` does.
 */
export function parSort<A extends Numbers>(
  items: A,
  compare?: Compare<number>,
  options?: ParMapOptions,
): Promise<A>;
export function parSort<A extends BigInts>(
  items: A,
  compare?: Compare<bigint>,
  options?: ParMapOptions,
): Promise<A>;
export function parSort<T>(
  items: Iterable<T> | ArrayLike<T>,
  compare?: Compare<T>,
  options?: ParMapOptions,
): Promise<T[]>;
export function parSort(
  items: Iterable<unknown> | ArrayLike<unknown>,
  compare?: Compare<never>,
  options?: ParMapOptions,
): Promise<unknown> {
  return parSortOn(defaultHost, items, compare, options);
}

/** As `parSort`, on a pool's lanes. */
export async function parSortOn(
  host: Host,
  given: Iterable<unknown> | ArrayLike<unknown>,
  compare?: Compare<never>,
  options?: ParMapOptions,
): Promise<unknown> {
  if (compare !== undefined) checkFn(compare, 'compare');
  const call = callOptions(host, options);
  refuseSettle(call.options, 'parSort');
  const items = asList(copyItems(given));
  const list = sortable(items, compare as Compare<unknown> | undefined);
  throwIfAborted(call.options.signal);
  const { warm } = call.options;
  if (call.engine === 'fork') await loadTasks(compare, warm);
  else loadTasksNow(compare, warm);
  const isAsked =
    call.options.chunk !== undefined || !['auto', 'inline'].includes(String(call.options.engine));
  if (list.length < 2 || call.isInline || !(isAsked || isWorthForking(list, call.lanes))) {
    if (list.length > 0) warmHere(warm);
    return list.sortAll();
  }
  const runs = await sortRuns(items, compare as Compare<unknown> | undefined, { host, call });
  // WHY not by spawned processes: each would have to be sent all the items that it is to compare.
  const mergesHere = call.engine !== 'fork' || !isMergeWorthForking(list, runs.length, call.lanes);
  if (mergesHere) return list.receive([list.merge(runs)]);
  return list.receive(await mergeSlices(list, runs, { host, call }));
}

/** Each run in a child. */
function sortRuns(
  items: ItemList<unknown>,
  compare: Compare<unknown> | undefined,
  { host, call }: { host: Host; call: CallOptions },
): Promise<RunOrder[]> {
  const { options, lanes } = call;
  const runItems = typeof options.chunk === 'number' ? options.chunk : Math.ceil(items.length / lanes);
  const itemsOf = ({ start, end }: Range): Range => ({
    start: start * runItems,
    end: Math.min(items.length, end * runItems),
  });
  const sortRun = made(sortRunOf, items, compare, runItems);
  return eachInAChild(Math.ceil(items.length / runItems), sortRun, {
    host,
    call,
    place: itemsOf,
    reads: (range) => [{ list: items, ...itemsOf(range) }],
  });
}

/** Each slice of the merged list in a child. Which items are in it is not known before. */
function mergeSlices(
  list: Sortable,
  runs: RunOrder[],
  { host, call }: { host: Host; call: CallOptions },
): Promise<RunOrder[]> {
  const slices = list.slices(runs, call.lanes);
  const place = () => ({ start: 0, end: list.length });
  return eachInAChild(slices.length, (at) => list.merge(runs, slices[at]), { host, call, place });
}

interface Setting {
  host: Host;
  call: CallOptions;
  place: (range: Range) => Range;
  reads?: (range: Range) => ItemsRead[];
}

async function eachInAChild(
  length: number,
  invoke: (at: number) => RunOrder,
  { host, call, place, reads }: Setting,
): Promise<RunOrder[]> {
  const { options, lanes, engine, ownsLanes } = call;
  const ledger = new Results<RunOrder>(length, false);
  const forked = new ForkedCall({
    verb: 'parSort',
    length,
    invoke,
    ledger,
    host: host.open(ownsLanes),
    options: { ...options, chunk: 1, isolation: 'chunk' },
    lanes,
    engine,
    reads,
    place,
  });
  await forked.run();
  return ledger.values as RunOrder[];
}
