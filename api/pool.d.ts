import { n as Progress, r as Explanation, t as ParMapOptions, v as ItemsRead, y as Range } from "./shared-options.cjs";
import { Outcome } from "@forkmap/native";
import { Gathering } from "@forkmap/core/internal";
export * from "@forkmap/core";

type AnyFunction = (...args: any[]) => any;
/** A function that has a place: the export of a module. Callable as that export is. */
type Task<F extends AnyFunction = AnyFunction> = F & {
  /** The URL of its module. */readonly module: string; /** What it is exported as. */
  readonly exportName: string;
};
/**
 * A function named by its module and export, so that it can be run where no closure can go: with `engine: 'spawn'` every
 * verb takes tasks for its functions, and runs them in spawned processes. Elsewhere it is a function like any other.
 *
 * ```ts
 * const squareTask = task(import.meta.url, 'square', square);
 * ```
 *
 * @param module the module's URL: `import.meta.url` for the module in which it is written. Every spawned process loads
 *   it: what is to run once only must not be in it, or be behind `if (!isForkChild())`.
 * @param exportName what the function is exported as; `default` too
 * @param fn the function itself, where it is at hand: then the task is typed by it, and nothing needs to be loaded here.
 *   Otherwise its module is, when the task is first called or given to a verb, which a module that is still being
 *   evaluated, such as one that waits for the call at its top level, does not allow.
 * @throws `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for what is no URL. Whether the module has such a function is
 *   only looked at when it is needed: `ERR_FORKMAP_SPAWN`.
 */
declare function task<F extends AnyFunction = AnyFunction>(module: string | URL, exportName: string, fn?: F): Task<F>;
/** Whose lanes a call uses, and who counts what it does. One per call. */
interface CallHost {
  /** Waits for a lane; gives back how to let go of it. Resolves at once after `leave`. */
  acquire(): Promise<() => void> | (() => void);
  /** As `acquire`, where that is possible at once. */
  tryAcquire(): (() => void) | undefined;
  /** The call has no more use for lanes: what waits for one waits no more. */
  leave(): void;
  /** A chunk came back from its driver. */
  saw(outcome: Outcome): void;
  /** A child died with an item, which is tried again or not. */
  sawDeath(isRetried: boolean): void;
  /** The call is over. */
  close(): void;
}
/** Where calls run: a `Pool`, or the one that the free functions share. */
interface Host {
  /** Laid under the options of each call. */
  readonly defaults: ParMapOptions;
  /** How many lanes a call has that does not say. */
  readonly lanes: number;
  /** How many a call may have. */
  readonly maxLanes: number;
  /** Throws where the pool is closed. */
  assertOpen(): void;
  /**
   * Begins a call.
   * @param ownLanes the call asked for lanes of its own, by number
   */
  open(ownLanes: boolean): CallHost;
  /**
   * As `open`, for a kept function: it is no call that is waited for, but is closed with the pool.
   * @param close closes it
   */
  keep(ownLanes: boolean, close: () => Promise<void>): CallHost;
}
/** Milliseconds: half of all took no longer than `p50`, 95 of a hundred no longer than `p95`, all but one than `p99`. */
interface KeptTimes {
  p50: number;
  p95: number;
  p99: number;
}
/** What a kept function has done since `keep`, and what it holds now. */
interface KeptStats {
  /** Calls that wait for a child. */
  queued: number;
  /** Calls that a child is at. */
  running: number;
  /** Calls that came to an end, failures among them. */
  done: number;
  /** Calls that were rejected. */
  failed: number;
  /** Children that had to be replaced: they died, were killed, had made `maxCalls`, or took too much memory. */
  replaced: number;
  /** Children that are there now. */
  children: number;
  /** How long calls waited for a child. */
  waitingMs: KeptTimes;
  /** How long children were at a call. */
  runningMs: KeptTimes;
  /** Milliseconds since the state that calls see was frozen: by `keep`, or the last `refresh`. */
  age: number;
  /** Bytes of memory that are frozen with it: so much it takes when the origin has changed all it has. */
  memory: number;
}
/** Options of `keep`. */
interface KeepOptions extends Pick<ParMapOptions, 'lanes' | 'memoryLimit' | 'maxResultBytes' | 'itemTimeout' | 'retries' | 'types' | 'codec' | 'stdio' | 'name' | 'setup'> {
  /** Where calls run: forked children, or (`inline`) this process. Default: `auto`. */
  engine?: 'auto' | 'fork' | 'inline';
  /** Runs once, in the snapshot, before any child is forked: what it loads and caches, all children have. */
  warm?: () => void;
  /** Children are kept for many calls (the default), or each call has a fresh child of its own. */
  isolation?: 'lane' | 'call';
  /** Asynchronous functions: calls in flight within a child. Default: 1. */
  concurrency?: number;
  /** So many calls may wait; more are refused with `ERR_FORKMAP_QUEUE_FULL`. Default: no limit. */
  maxQueue?: number;
  /** A child is replaced after so many calls, give or take a tenth. Default: no limit. */
  maxCalls?: number;
  /** Milliseconds after which a child that has nothing to do ends; the snapshot stays. Default: no limit. */
  idleTimeout?: number;
}
/** Options of `Kept.run`. */
interface KeptRunOptions {
  /** Ends the call; it rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Milliseconds from now, waiting included: `ERR_FORKMAP_TIMEOUT`. Default: no limit. */
  timeout?: number;
  /** Calls of a higher one are begun first; those of the same, in the order in which they were made. Default: 0. */
  priority?: number;
}
/** What `keep` gives: a function whose calls run in children that are kept for it. */
interface Kept<A extends unknown[], R> extends AsyncDisposable {
  /** Calls the function in a child. Arguments and result travel by codec. */
  (...args: A): Promise<Awaited<R>>;
  /**
   * Calls it, with options for this call.
   * @throws (rejects with) what the function threw; `signal.reason`; a `ForkError`: `ERR_FORKMAP_TIMEOUT` over `timeout` or
   *   `itemTimeout`, `ERR_FORKMAP_QUEUE_FULL`, `ERR_FORKMAP_SERIALIZE_INPUT` for arguments that cannot be sent, what its
   *   child died of. Where `error.effect` is `CallableDidNotExecute`, it can be called again safely.
   */
  run(args: A, options?: KeptRunOptions): Promise<Awaited<R>>;
  /**
   * Freezes the present state anew. Calls go on meanwhile in the old children, and all that are begun once this has resolved
   * see the new state. Where it fails, the old children stay.
   */
  refresh(): Promise<void>;
  /** What it has done, and what it holds. */
  stats(): KeptStats;
  /** Calls that wait for a child. */
  readonly queueSize: number;
  /** Takes no more calls; resolves when those that were made are over and nothing is left. Again: the same. */
  close(): Promise<void>;
}
/**
 * Keeps `fn`, and all that it can reach, in children that are forked once, for services: arguments and results travel to
 * and fro, everything else is there. A child that dies, or is killed for its deadline, costs only the calls that it was at;
 * its successor is forked from the same state within milliseconds.
 *
 * The state is that of this call, or of the last `refresh()`. What `fn` itself changes stays in its child, until that is
 * replaced.
 *
 * @example
 * const index = new Map([['fork', 2]]);
 * await using find = await keep((word: string) => index.get(word), { lanes: 2, itemTimeout: 200 });
 * await find('fork'); // 2
 *
 * @param fn any closure, asynchronous or not.
 * @param options see `KeepOptions`
 * @returns the kept function, once a first child takes calls. To be closed; one that nobody holds any more closes itself.
 * @throws (rejects with) what `warm` or `setup` threw; a `ForkError` where nothing can be forked; `TypeError` or `RangeError`
 *   for wrong arguments, with nothing forked.
 */
declare function keep<A extends unknown[], R>(fn: (...args: A) => R | PromiseLike<R>, options?: KeepOptions): Promise<Kept<A, R>>;
/** Compares as `Array.prototype.sort` wants it: negative where the left is to come first. */
type Compare<T> = (left: T, right: T) => number;
/** One position while it is run. Its values go to the end of the chain in the order of the positions. */
declare class Cell {
  position: number;
  /** All positions before it are done: its values need not wait. */
  isDirect: boolean;
  /** A step decided that the chain ends here: what is still pushed is dropped. */
  isStopped: boolean;
  /** It has pushed all its values. */
  isDone: boolean;
  /** Values that wait for their turn. */
  waiting: unknown[];
  constructor(position: number, isDirect: boolean);
}
/** A value, or a promise of it: any step may be asynchronous. */
type Awaitable<T> = T | PromiseLike<T>;
/** Takes a value on to the next step. A promise where that takes time: then the next value waits for it. */
type Push = (value: unknown, cell: Cell) => Awaitable<void>;
type OnFailure = (position: number, error: unknown) => void;
/** A plan with all that comes after it: one closure, run in the children. */
interface Runner {
  /** A range begins. `onFailure` is told of a position that failed after it was run. */
  begin?: ((start: number, onFailure: OnFailure) => void) | undefined;
  /** Runs one position; its values are pushed. */
  run(position: number, cell: Cell): Awaitable<void>;
  /** The range is at its end: pushes what a step has kept back until now. */
  end?: ((cell: Cell) => Awaitable<void>) | undefined;
}
/** Gives the value of a position. */
type Getter = (position: number) => unknown;
/**
 * A chain up to some step, not run yet: positions [0, length), each with its values.
 * INVARIANT: nothing here runs a function of the caller's before the plan is compiled and run.
 */
interface Plan {
  readonly length: number;
  /** The items that a range of positions is about. */
  place(range: Range): Range;
  /** The items that a range of positions is made of: these a process must have that does not inherit them. */
  reads(range: Range): ItemsRead[];
  /** Composes this plan with what comes after it. In the origin, once per call: children inherit the closures. */
  compile(push: Push): Runner;
  /** Set where each position has exactly one value: that value. Made once per call, as `compile` is. */
  getter?: (() => Getter) | undefined;
  /** A step may end it before its last position: what comes after that must not be seen. */
  mayStop?: boolean | undefined;
  /** Its values depend on where chunks are cut. */
  isPerChunk?: boolean | undefined;
  /**
   * Set where the values are items of the caller's, as they are: which one. Then positions are sent in their place,
   * and the caller gets the very items back.
   */
  itemAt?: Getter | undefined;
}
/** What the values of a range come to. */
interface Accumulator {
  /** Takes a value in. True: nothing after it is needed. */
  add(value: unknown, position: number): Awaitable<boolean>;
  /** Hands over what is to be sent, and begins anew. */
  take(): readonly unknown[];
  /** Where each value of an item is sent: how many there are to be sent now. */
  readonly size?: number;
  /** A guess at the encoded bytes of what could be sent before the end of the range. Default: nothing can. */
  readonly weight?: number;
}
/** Who takes in what ranges of items came to. */
interface SegmentReader {
  /** Segments are wanted in the order of their items; otherwise as they come. */
  readonly isOrdered: boolean;
  /** It may be enough before all items were run. */
  readonly mayStop?: boolean;
  /** Takes in the values of a segment. True: nothing more is needed. */
  read(values: readonly unknown[]): boolean;
}
/** What a chain ends in: what its values come to in each child, and all of that together in the origin. Used once. */
interface End<R> extends SegmentReader {
  /** What it comes to depends on where chunks are cut, if only in the last digits of a number. */
  readonly isPerChunk?: boolean;
  /** Begins to take in the values of a range, in a child. */
  gather(): Accumulator;
  /** When all was read. */
  result(): Awaitable<R>;
}
/** Whose call it is, and what was asked for. */
interface CallSetting {
  host: Host;
  options: ParMapOptions | undefined;
  /** The verb, as messages name it. */
  verb: string;
  /** Where the call does not say how many items a child gets: as many chunks as lanes. */
  isOneChunkPerLane?: boolean;
}
/** Makes the plan of a chain; a promise where a step needs the steps before it to be run. */
type PlanMaker = (setting: CallSetting) => Awaitable<Plan>;
/** What a chain ends in: the plan with its last step, and what becomes of its values. */
type Ending<R> = [plan: Plan, end: End<R>];
/** A chain that was not run yet. */
declare abstract class ParBase {
  protected readonly host: Host;
  protected readonly options: ParMapOptions | undefined;
  /** For other chains of this package. */
  readonly makePlan: PlanMaker;
  constructor(makePlan: PlanMaker, host: Host, options: ParMapOptions | undefined);
  /** @param fn the caller's function, to be checked before anything runs */
  protected runTo<R>(verb: string, fn: unknown, endOf: (plan: Plan) => Ending<R>): Promise<R>;
  protected settingOf(verb: string): CallSetting;
}
/** What a callback is given after the value: its index, where each value still has the place of an item; or nothing. */
type Index = [index: number];
type NoIndex = [];
/** A callback of a chain, synchronous or not. */
type Fn<T, At extends Index | NoIndex, R> = (value: T, ...at: At) => Awaitable<R>;
/** The values of one level of arrays. */
type Flattened<T> = T extends readonly (infer U)[] ? U : T;
/** Ends of a chain that come to one value. Each runs the chain, anew each time. */
declare abstract class ParReductions<T, At extends Index | NoIndex> extends ParBase {
  /** All values, in order. Where they are items of the caller's, untouched, these very items. */
  collect(): Promise<T[]>;
  /** Runs `fn` for each value, for what it does outside of memory. */
  forEach(fn: Fn<T, At, unknown>): Promise<void>;
  /**
   * One value made of all: within each chunk in its child, then of the chunks here, in order.
   * @param combine associative: how the values are bracketed must not matter
   * @param identity what to begin with, once. Without it, no values are a `TypeError`.
   */
  reduce(combine: (left: T, right: T) => Awaitable<T>, ...identity: [identity?: T]): Promise<T>;
  /** How many values there are. */
  count(): Promise<number>;
  /** All values added up: numbers, or bigints. Of none: 0. */
  sum(this: ParReductions<number, At>): Promise<number>;
  sum(this: ParReductions<bigint, At>): Promise<bigint | 0>;
  /** The least value by `compare`, by default `<`; the first of those that are level. Undefined where there are none. */
  min(compare?: Compare<T>): Promise<T | undefined>;
  /** The greatest value, as `min`. */
  max(compare?: Compare<T>): Promise<T | undefined>;
  /** The value with the least key, which is compared by `<`. */
  minBy(key: Fn<T, At, unknown>): Promise<T | undefined>;
  /** The value with the greatest key. */
  maxBy(key: Fn<T, At, unknown>): Promise<T | undefined>;
  /** Whether `test` passes for a value. Ends as soon as any child has seen one. */
  some(test: Fn<T, At, unknown>): Promise<boolean>;
  /** Whether `test` passes for all values. Ends as soon as any child has seen one for which it does not. */
  every(test: Fn<T, At, unknown>): Promise<boolean>;
  /** The first value, in order, for which `test` passes. Chunks after it are not begun. */
  find<S extends T>(test: (value: T, ...at: At) => value is S): Promise<S | undefined>;
  find(test: Fn<T, At, unknown>): Promise<T | undefined>;
  /** A value for which `test` passes: the first that any child has seen. */
  findAny<S extends T>(test: (value: T, ...at: At) => value is S): Promise<S | undefined>;
  findAny(test: Fn<T, At, unknown>): Promise<T | undefined>;
  /** The place, among the values, of the first for which `test` passes; -1 where it does for none. */
  findIndex(test: Fn<T, At, unknown>): Promise<number>;
}
/** Ends of a chain that come to a collection of many values. Each runs the chain, anew each time. */
declare abstract class ParCollections<T, At extends Index | NoIndex> extends ParReductions<T, At> implements AsyncIterable<T> {
  /** Two lists: the values for which `test` passes, and the others. Both in order. */
  partition<S extends T>(test: (value: T, ...at: At) => value is S): Promise<[S[], Exclude<T, S>[]]>;
  partition(test: Fn<T, At, unknown>): Promise<[T[], T[]]>;
  /**
   * Lists of values by key, as `Map.groupBy`: keys in the order in which they are first met, values in order.
   * @param key gives a primitive value; an object is `ERR_INVALID_ARG_TYPE`
   */
  groupBy<K>(key: Fn<T, At, K>): Promise<Map<K, T[]>>;
  /** How many values there are by key; keys as in `groupBy`. */
  countBy<K>(key: Fn<T, At, K>): Promise<Map<K, number>>;
  /** Two lists of the halves of pairs. */
  unzip<A, B>(this: ParCollections<readonly [A, B], At>): Promise<[A[], B[]]>;
  /** The values as one text, with `separator` (default `,`) between them; `null` and `undefined` are empty. */
  join(separator?: string): Promise<string>;
  /** A Map of pairs `[key, value]`; of equal keys, the last one counts. */
  toMap<K, V>(this: ParCollections<readonly [K, V], At>): Promise<Map<K, V>>;
  /** A Set of the values. */
  toSet(): Promise<Set<T>>;
  /** All values sorted, as by `Array.prototype.toSorted`: each child sorts its own, and here they are merged. Stable. */
  sort(compare?: Compare<T>): Promise<T[]>;
  /** All values in the order of their keys, by `<`; each key is made once. Stable. */
  sortBy(key: Fn<T, At, unknown>): Promise<T[]>;
  /**
   * The values in order, as chunks come back. Children are not further ahead than two chunks per lane; a `break`
   * ends them.
   */
  [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined>;
  protected settingOf(verb: string): CallSetting;
}
/** A list of items, or a chain over one. */
type ParSource<T> = Iterable<T> | ArrayLike<T> | Par<T, Index> | Par<T, NoIndex>;
/**
 * A lazy chain: nothing runs before an end is called, and then all its steps run in one pass over each chunk, in the
 * children. Only what leaves the chain is sent. Any step may be asynchronous.
 *
 * Steps are given the value's index as long as each value has the place of an item. After `filter`, `filterMap`,
 * `flatMap`, `flat`, `takeWhile` and `fold`, places are only known once the steps so far were run: steps that need
 * them (`enumerate`, `zip`, `slice`, `take`, `skip`, `stepBy`, `chunks`, `windows`) do that first, as a call of its own.
 */
declare class Par<T, At extends Index | NoIndex = Index> extends ParCollections<T, At> {
  #private;
  /** Each value becomes what `fn` makes of it. */
  map<R>(fn: Fn<T, At, R>): Par<Awaited<R>, At>;
  /**
   * As `map`; `fn` is first given a value that is made once per child.
   * @param init makes that value: a connection, a parser, a large buffer
   */
  mapInit<S, R>(init: () => Awaitable<S>, fn: (state: S, value: T, ...at: At) => Awaitable<R>): Par<Awaited<R>, At>;
  /** Keeps the values for which `test` passes. */
  filter<S extends T>(test: (value: T, ...at: At) => value is S): Par<S, NoIndex>;
  filter(test: Fn<T, At, unknown>): Par<T, NoIndex>;
  /** Each value becomes what `fn` makes of it; `undefined` is left out. */
  filterMap<R>(fn: Fn<T, At, R>): Par<Exclude<Awaited<R>, undefined>, NoIndex>;
  /** Each value becomes the values of the array that `fn` makes of it; what is no array is one value. */
  flatMap<R>(fn: Fn<T, At, R | readonly R[]>): Par<Awaited<R>, NoIndex>;
  /** Each value that is an array becomes its values, `depth` levels deep (default 1). */
  flat(): Par<Flattened<T>, NoIndex>;
  flat<D extends number>(depth: D): Par<FlatArray<T[], D>, NoIndex>;
  /** Shows each value to `fn`, and passes it on. */
  inspect(fn: Fn<T, At, unknown>): Par<T, At>;
  /** Ends the chain before the first value, in order, for which `test` does not pass. No chunk after it is begun. */
  takeWhile<S extends T>(test: (value: T, ...at: At) => value is S): Par<S, NoIndex>;
  takeWhile(test: Fn<T, At, unknown>): Par<T, NoIndex>;
  /**
   * The values of each chunk become one.
   * @param init makes what a chunk begins with
   * @param fn takes a value into what was made so far
   */
  fold<A>(init: () => A, fn: (folded: Awaited<A>, value: T) => Awaitable<Awaited<A>>): Par<Awaited<A>, NoIndex>;
  /** Pairs `[index, value]`. */
  enumerate(): Par<[index: number, value: T], Index>;
  /** Pairs of these values and the other's; the longer one's rest is left out. */
  zip<U>(other: ParSource<U>): Par<[T, U], Index>;
  /** These values, then the other's. */
  concat<U>(other: Par<U, NoIndex>): Par<T | U, NoIndex>;
  concat<U>(other: ParSource<U>): Par<T | U, At>;
  /** The values at the places [start, end), which may count from the end, as in `Array.prototype.slice`. */
  slice(start?: number, end?: number): Par<T, Index>;
  /** The first `count` values. */
  take(count: number): Par<T, Index>;
  /** All but the first `count` values. */
  skip(count: number): Par<T, Index>;
  /** Every `step`th value, beginning with the first. */
  stepBy(step: number): Par<T, Index>;
  /** Arrays of `size` values each; the last may have fewer. */
  chunks(size: number): Par<T[], Index>;
  /** Arrays of `size` neighbours each, one for every place where there are so many. */
  windows(size: number): Par<T[], Index>;
  /** The same chain with further options, laid over those it has. */
  withOptions(options: ParMapOptions): Par<T, At>;
}
/**
 * A lazy chain over a list; see `Par`.
 * @param items any list; copied (shallowly) before this returns, never serialized
 * @param options as of `parMap`, but for `settle`, for every run of the chain. Where `chunk` is not given, long lists
 *   have larger chunks than `parMap`'s default.
 */
declare function par<T>(items: Iterable<T> | ArrayLike<T>, options?: ParMapOptions): Par<T>;
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
declare function parMap<T, R>(items: Iterable<T> | ArrayLike<T>, fn: (item: T, index: number) => R | PromiseLike<R>, options: ParMapOptions & {
  settle: true;
}): Promise<PromiseSettledResult<Awaited<R>>[]>;
declare function parMap<T, R>(items: Iterable<T> | ArrayLike<T>, fn: (item: T, index: number) => R | PromiseLike<R>, options?: ParMapOptions): Promise<R[]>;
/** Where a stream's items come from. A Web `ReadableStream` and a Node `Readable` are async iterables. */
type StreamSource<T> = Iterable<T> | AsyncIterable<T>;
/** Options of `parStream`. */
interface ParStreamOptions extends ParMapOptions {
  /** Results in the order of the items (the default), or as they come. */
  ordered?: boolean;
  /**
   * Items that share a snapshot; at most two windows are read ahead of the one that is consumed. Default: `lanes` times
   * `chunk`; where no `chunk` is given, more and more while windows are over quickly.
   */
  window?: number;
}
/**
 * `parMap` over a source that may have no end: a file's lines, a database cursor, a generator. Items are read into
 * windows, each with a snapshot of its own, so that they are not serialized. Memory is bounded: while the consumer does
 * not take results, nothing further is read. A source that pauses is not waited for.
 *
 * @param source any iterable or async iterable: Node's and Web's readable streams are. It is closed when the results
 *   are left early.
 * @param fn any closure, asynchronous or not; called with the item and its index in the stream.
 * @param options as of `parMap`; `timeout` is for the whole stream, `total` in `onProgress` what was read so far.
 * @returns the results, once: for `for await`, `Readable.from` or `ReadableStream.from`. Nothing runs before the first
 *   one is asked for. With `settle: true`, `PromiseSettledResult`s.
 * @throws at once `TypeError` or `RangeError` for wrong arguments. When the results are taken: as `parMap` rejects, once
 *   those that had come are taken; what the source threw, after the results of all items before.
 */
declare function parStream<T, R>(source: StreamSource<T>, fn: (item: T, index: number) => R | PromiseLike<R>, options: ParStreamOptions & {
  settle: true;
}): AsyncGenerator<PromiseSettledResult<Awaited<R>>, void, undefined>;
declare function parStream<T, R>(source: StreamSource<T>, fn: (item: T, index: number) => R | PromiseLike<R>, options?: ParStreamOptions): AsyncGenerator<R, void, undefined>;
type Thunk = () => unknown;
/** What each of the functions gives. */
type Joined<F extends readonly Thunk[]> = { -readonly [I in keyof F]: Awaited<ReturnType<F[I]>> };
/**
 * Runs functions in parallel, each in a child of its own.
 *
 * @param thunks any closures, asynchronous or not.
 * @returns what each of them returned, in their order.
 * @throws (rejects with) the failure of the first, by their order, that fails, whichever was seen first: those before it
 *   are waited for, those after it are ended.
 */
declare function join<F extends readonly Thunk[]>(...thunks: F): Promise<Joined<F>>;
/**
 * `Array.prototype.every`, in parallel: whether `test` passes for all items. As soon as any child has seen one for
 * which it does not, all children are ended.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param test any closure, asynchronous or not; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @throws (rejects with) as `parMap` does, where that is known before an item has not passed.
 */
declare function parEvery<T>(items: Iterable<T> | ArrayLike<T>, test: (item: T, index: number) => unknown, options?: ParMapOptions): Promise<boolean>;
/**
 * `Array.prototype.filter`, in parallel: the items for which `test` passes, in order, and these very items: only their
 * places are sent.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param test any closure, asynchronous or not; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @throws (rejects with) as `parMap` does.
 */
declare function parFilter<T, S extends T>(items: Iterable<T> | ArrayLike<T>, test: (item: T, index: number) => item is S, options?: ParMapOptions): Promise<S[]>;
declare function parFilter<T>(items: Iterable<T> | ArrayLike<T>, test: (item: T, index: number) => unknown, options?: ParMapOptions): Promise<T[]>;
/**
 * `Array.prototype.find`, in parallel: the first item, in order, for which `test` passes, and this very item. Once one
 * is known, nothing after it is begun, and nothing of it waited for.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param test any closure, asynchronous or not; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @returns the item, or undefined.
 * @throws (rejects with) as `parMap` does; a failure after the item that was found is none.
 */
declare function parFind<T, S extends T>(items: Iterable<T> | ArrayLike<T>, test: (item: T, index: number) => item is S, options?: ParMapOptions): Promise<S | undefined>;
declare function parFind<T>(items: Iterable<T> | ArrayLike<T>, test: (item: T, index: number) => unknown, options?: ParMapOptions): Promise<T | undefined>;
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
declare function parFindIndex<T>(items: Iterable<T> | ArrayLike<T>, test: (item: T, index: number) => unknown, options?: ParMapOptions): Promise<number>;
type FlatMapFn<T, R> = (item: T, index: number) => R | readonly R[] | PromiseLike<R | readonly R[]>;
/**
 * `Array.prototype.flatMap`, in parallel: what `fn` returns, in the order of the items, arrays spread by one level.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param fn any closure, asynchronous or not; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @throws (rejects with) as `parMap` does.
 */
declare function parFlatMap<T, R>(items: Iterable<T> | ArrayLike<T>, fn: FlatMapFn<T, R>, options?: ParMapOptions): Promise<R[]>;
/**
 * Runs `fn` on every item in forked children, for what it does outside of memory. Nothing is sent back.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param fn any closure, asynchronous or not; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @throws (rejects with) as `parMap` does.
 */
declare function parForEach<T>(items: Iterable<T> | ArrayLike<T>, fn: (item: T, index: number) => unknown, options?: ParMapOptions): Promise<void>;
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
declare function parGroupBy<T, K>(items: Iterable<T> | ArrayLike<T>, key: KeyFn<T, K>, options?: ParMapOptions): Promise<Map<K, T[]>>;
type Combine<T> = (left: T, right: T) => T | PromiseLike<T>;
/** Options of `parReduce` where what is made of the items is not of their kind. */
interface FoldOptions<A> extends ParMapOptions {
  /** Makes one of what two chunks came to; associative. */
  combine: (left: A, right: A) => A | PromiseLike<A>;
}
/**
 * `Array.prototype.reduce`, in parallel: each child reduces its items, and what they come to is reduced here, in order.
 * A chunk sends one value.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param fn associative: how the items are bracketed must not matter. Asynchronous or not.
 * @param init what to begin with, once; what comes of an empty list.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`. With `combine`, `fn` takes an item into
 *   something of another kind, as in `Array`; each chunk then begins with `init`, which has to be neutral.
 * @throws (rejects with) as `parMap` does.
 */
declare function parReduce<T, A>(items: Iterable<T> | ArrayLike<T>, fn: (folded: A, item: T) => A | PromiseLike<A>, init: A, options: FoldOptions<A>): Promise<A>;
declare function parReduce<T>(items: Iterable<T> | ArrayLike<T>, fn: Combine<T>, init: T, options?: ParMapOptions): Promise<T>;
/**
 * `Array.prototype.some`, in parallel: whether `test` passes for an item. As soon as any child has seen one, all
 * children are ended.
 *
 * @param items any list; copied (shallowly) before this returns, never serialized.
 * @param test any closure, asynchronous or not; called with the item and its index.
 * @param options as of `parMap`, but for `settle`; see `par` for `chunk`.
 * @throws (rejects with) as `parMap` does, where that is known before an item has passed.
 */
declare function parSome<T>(items: Iterable<T> | ArrayLike<T>, test: (item: T, index: number) => unknown, options?: ParMapOptions): Promise<boolean>;
/** Typed arrays, and what they are arrays of. */
type Numbers = Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;
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
declare function parSort<A extends Numbers>(items: A, compare?: Compare<number>, options?: ParMapOptions): Promise<A>;
declare function parSort<A extends BigInts>(items: A, compare?: Compare<bigint>, options?: ParMapOptions): Promise<A>;
declare function parSort<T>(items: Iterable<T> | ArrayLike<T>, compare?: Compare<T>, options?: ParMapOptions): Promise<T[]>;
/** Half of all took no longer than `p50`, all but one in a hundred no longer than `p99`; milliseconds. */
interface Percentiles {
  p50: number;
  p99: number;
}
/** What a pool has done since it was made. */
interface PoolStats {
  /** Calls begun, inline ones included. */
  calls: number;
  /** Calls that are not over yet. */
  running: number;
  /** Chunks that came back, whole or not. */
  chunks: number;
  /** Children forked. */
  forks: number;
  /** Items tried again because their child died. */
  retries: number;
  /** Items whose child died, each time. */
  deaths: number;
  /** Bytes of frames that children sent. */
  bytes: number;
  /** Time of a fork. */
  forkMs: Percentiles;
  /** Time of a chunk, from its fork until its child was reaped. */
  chunkMs: Percentiles;
}
/**
 * Lanes of its own, shared fairly by all its calls, and defaults for their options. Its methods are the functions of
 * the same names. It holds no process and no thread while nothing runs, and never keeps the process alive.
 */
declare class Pool implements AsyncDisposable {
  #private;
  readonly par: typeof par;
  readonly parMap: typeof parMap;
  readonly parForEach: typeof parForEach;
  readonly parFilter: typeof parFilter;
  readonly parFlatMap: typeof parFlatMap;
  readonly parReduce: typeof parReduce;
  readonly parSome: typeof parSome;
  readonly parEvery: typeof parEvery;
  readonly parFind: typeof parFind;
  readonly parFindIndex: typeof parFindIndex;
  readonly parSort: typeof parSort;
  readonly parGroupBy: typeof parGroupBy;
  readonly parStream: typeof parStream;
  readonly join: typeof join;
  readonly keep: typeof keep;
  /**
   * @param options the defaults of its calls; `lanes` is how many children it has at the same time, for all its calls
   *   together. Throws what `parMap` rejects with where they are wrong.
   */
  constructor(options?: ParMapOptions);
  /** How many lanes all its calls have together. */
  get lanes(): number;
  /** What its calls have done so far. */
  stats(): PoolStats;
  /** Takes no more calls (they reject with `ERR_INVALID_STATE`); resolves when those that run are over. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
/** One thing that was looked at. */
interface Finding {
  /** `addon`, `fork`, `threads`… */
  topic: string;
  /** `ok`: nothing to do. `note`: good to know. `warning`: likely to bite. */
  level: 'ok' | 'note' | 'warning';
  /** What was found. */
  found: string;
  /** What to do about it, in a sentence. */
  advice: string;
}
/** What could bite in this process. */
interface Preflight {
  /** A child was forked and came back. */
  canFork: boolean;
  /** In the order: addon, fork, threads, sockets, native modules, ids, CPUs, descriptors, processes, memory. */
  findings: Finding[];
  /** All of it, to be read by people. */
  text: string;
}
/**
 * Looks at what could bite in this process as it is now: whether the addon loads, what a fork costs, threads, sockets
 * and native modules that children cannot use, and the system's limits. Each comes with a sentence of advice. Blocks for
 * three forks. On the command line: `npx @forkmap/pool preflight`.
 */
declare function preflight(): Preflight;
/** The constructors of typed arrays. */
type TypedArrayConstructor = Int8ArrayConstructor | Uint8ArrayConstructor | Uint8ClampedArrayConstructor | Int16ArrayConstructor | Uint16ArrayConstructor | Int32ArrayConstructor | Uint32ArrayConstructor | Float32ArrayConstructor | Float64ArrayConstructor | BigInt64ArrayConstructor | BigUint64ArrayConstructor;
/**
 * A typed array in memory that this process and its children share: what a child writes is there for all, in place, and
 * nothing is sent. `parForEach(range, (i) => { out[i] = f(i) })`. Unlike a `SharedArrayBuffer`, which each child copies.
 *
 * Writes of different children to different elements need no care; to the same, use `Atomics`. It is shared by the
 * children that are forked after it was made, through any number of calls, and freed with the last reference to it. Of
 * 16 MiB to 256 MiB the memory is taken when it is made, if that is no more than a quarter of what is free, as far as the
 * system has huge pages for it and this takes less than 50 ms. The rest is taken when it is used.
 *
 * @param kind `Float64Array`, `Uint8Array`, …: any kind of typed array
 * @param source how many elements (all zero), or a list to copy from
 * @returns the array. Its `buffer` cannot be resized or transferred.
 * @throws `ERR_FORKMAP_PIPE` where there is no memory; `TypeError` or `RangeError` for wrong arguments
 */
declare function sharedArray<C extends TypedArrayConstructor>(kind: C, source: number | Iterable<InstanceType<C>[number]> | ArrayLike<InstanceType<C>[number]>): InstanceType<C>;
export { type Explanation, type Finding, type FoldOptions, type Joined, type KeepOptions, type Kept, type KeptRunOptions, type KeptStats, type KeptTimes, type Par, type ParMapOptions, type ParSource, type ParStreamOptions, type Percentiles, Pool, type PoolStats, type Preflight, type Progress, type Task, type TypedArrayConstructor, join, keep, par, parEvery, parFilter, parFind, parFindIndex, parFlatMap, parForEach, parGroupBy, parMap, parReduce, parSome, parSort, parStream, preflight, sharedArray, task };
import { Outcome, SysError } from "@forkmap/native";
import { ChildWork, CodecOptions, ForkOptions, Gathering } from "@forkmap/core/internal";

/** Items [start, end). */
interface Range {
  start: number;
  end: number;
}
/** The items [start, end) of a list. */
interface ItemsRead {
  list: ArrayLike<unknown>;
  start: number;
  end: number;
}
/** What came of a chunk. */
type Driven = Outcome /** Whoever drove it is gone, and cannot say. */ | {
  undriven: unknown;
} /** Nothing was begun: an item cannot be sent to where it would run. */ | {
  unsendable: {
    index: number;
    error: unknown;
  };
};
/** Where the children of a call come from. One per call. */
interface Engine {
  /** Before anything else. Throws where it cannot. @returns the slots of the lanes, in which children note how far they are */
  open(): ArrayBuffer;
  /** Fixes what all chunks are to see: resolves to the process that keeps it, and how long that took. */
  prepare(): Promise<{
    pid: number;
    ms: number;
  } | SysError>;
  /** Runs one chunk. As many at the same time as there are lanes. */
  drive(range: Range): Promise<Driven>;
  /** Ends all that runs: `drive` comes back soon. */
  cancel(): void;
  /** Nothing more is to be driven: what can end before the results are taken in ends now. */
  endChildren(): void;
  /** Ends what is left. Resolves when nothing is. */
  close(): Promise<void>;
  /** Where results that are numbers come through shared memory: once it is open. */
  readonly sheet?: Float64Array | undefined;
  /** There is a snapshot, and each chunk costs a fork. */
  readonly isForking: boolean;
}
/** A thing as data. */
type Description = {
  is: 'made';
  by: string;
  of: Description[];
} | {
  is: 'list';
  at: number;
} | {
  is: 'value';
  value: unknown;
};
/** A list of a call: how long it is, and of which kind of typed array. */
interface ListShape {
  length: number;
  kind: string | undefined;
}
/** What spawned processes are told of a call, and the lists of which they are sent parts. */
declare class Describer {
  #private;
  readonly lists: ArrayLike<unknown>[];
  /** @throws ERR_FORKMAP_UNSUPPORTED for a function that is no task */
  describe(thing: unknown): Description;
  shapes(): ListShape[];
}
/** What a spawned process is told first: all of a call but its items. Sent by the codec. */
interface Program {
  /** What runs an item, or gathers what many come to. */
  thing: Description;
  isGathering: boolean;
  setup: Description;
  teardown: Description;
  warm: Description;
  types: Description;
  lists: ListShape[];
  codec: CodecOptions['codec'];
  maxResultBytes: number;
  memoryBytes: number | undefined;
  concurrency: number;
  goesOnAfterFailure: boolean;
  itemTimeoutMs: number | undefined;
  seed: number | string | undefined;
  firstIndex: number | undefined;
  places: Uint32Array | undefined;
  haltAfter: number | undefined;
  name: string | undefined;
  originPid: number;
}
/** What it is told before each chunk, as JSON. Then the items follow, a message for each part. */
interface ChunkHeader {
  start: number;
  end: number;
  parts: PartHeader[];
  /** The items of the request before are still needed: this one goes on with their chunk. */
  keepsItems?: boolean;
}
/** Items of a list, that of the program at `list`. */
interface PartHeader {
  list: number;
  start: number;
  /** How many values the message has: one per item, or one typed array of them all. */
  count: number;
}
/** How a program itself travels: it is data. */
declare const PROGRAM_CODEC: CodecOptions;
/** The same program with the modules of its tasks named otherwise. */
declare function renameProgram(program: Program, rename: (module: string) => string): Program;
/** What a call is besides its items, in the process that makes it. */
interface CallProgram {
  work: ChildWork;
  options: CheckedParMapOptions;
  invoke: (index: number) => unknown;
  gathering?: Gathering | undefined;
  /** Nobody asked for another process: why this one cannot be forked. */
  cannotFork?: unknown;
}
/**
 * A call as data, for processes that are not forked from this one.
 * @throws ERR_FORKMAP_UNSUPPORTED for a function that is no task
 */
declare function describeProgram(call: CallProgram, describer: Describer): Program;
/** @throws ERR_FORKMAP_SERIALIZE_INPUT where an option or an argument of a step cannot be sent */
declare function encodeProgram(program: Program): Uint8Array;
/** The key of the method by which an engine object makes the engine of one call; one for all copies of the library. */
declare const REMOTE_ENGINE: unique symbol;
/** A call, as an engine outside of this package sees it. */
interface RemoteCall extends CallProgram {
  /** The verb, as messages name it. */
  verb: string;
  /** How many items there are. */
  length: number;
  /** Chunks in flight. */
  lanes: number;
  /** The items that a range is made of. */
  reads?: ((range: Range) => ItemsRead[]) | undefined;
}
/** Runs the items of a call beyond this machine: a `Cluster` of `@forkmap/bullmq` is one. Takes tasks, not closures. */
interface RemoteEngine {
  /** Chunks in flight where the call does not say. */
  readonly lanes: number;
  /** @internal */
  [REMOTE_ENGINE](call: RemoteCall): Engine;
}
type Fsync = 'interval' | 'always' | 'never';
/** Where results are kept on disk, and by what items are known again. */
interface JournalOptions<T = unknown> {
  /** The file: one JSON text per line. It is made where it is not there. */
  file: string;
  /** What an item is known by, in place of its content: items of the same key are told apart by their order. */
  key?: (item: T, index: number) => string | Uint8Array;
  /** Stands for the code of a closure: change it when what the closure does has changed. A task needs none. */
  version?: string;
  /** Failures that are in the journal are tried again. Default: false, they are given as they were. */
  retryFailed?: boolean;
  /**
   * What to do with a journal of other code, or of other options that change results: `refuse` the call, `rerun` all
   * items with a new journal, the old one beside it as `<file>.old`, or `keep` its results. Default: `refuse`.
   */
  onChange?: 'refuse' | 'rerun' | 'keep';
  /**
   * When the file is forced to the disk, which counts where the machine itself goes down: every second (`interval`), before
   * each result is told (`always`), or when the system likes (`never`). Default: `interval`.
   */
  fsync?: Fsync;
}
/** Where the time of a call went, in ms. */
interface Explanation {
  /** The verb and the name of the call. */
  call: string;
  items: number;
  lanes: number;
  /** From the call to its end. */
  totalMs: number;
  /** Once per call, before everything else: the fork of the caller's process, and the wait for it. */
  snapshotMs: number;
  /** Chunks that came back, whole or not. */
  chunks: number;
  forks: number;
  /** Children that died. */
  deaths: number;
  /** Bytes that children sent. */
  bytes: number;
  /** The least and the most items in a chunk. */
  chunkItems: [least: number, most: number];
  /** Sums that add up to the time that the lanes, or the CPUs, if these are more, had. `decode` is on the caller's thread. */
  lanesMs: {
    fork: number;
    work: number;
    encode: number;
    send: number;
    decode: number; /** Births and ends of children, and handing chunks to drivers and results back. */
    around: number; /** Lanes that had nothing to do, and CPUs that had no lane. */
    idle: number;
  };
  /** Items per chunk that would have been best, as far as could be seen. */
  bestChunk: number | undefined;
  /** What of the call's options was of no use, a sentence each. */
  notes: string[];
  /** All of this, to be read by people. */
  text: string;
}
/** How far a call is, as `onProgress` is told. */
interface Progress {
  /** Items settled, failures among them. */
  done: number;
  /** Items in the call. */
  total: number;
  /** Items settled by an error. */
  failed: number;
  /** Children at work now. */
  running: number;
  /** Milliseconds since the call. */
  elapsed: number;
  /** Items whose results were in the journal, where there are some: they are in `done`, and not in the rate. */
  fromJournal?: number;
  /** Milliseconds to the end at the rate seen, once a rate is known. */
  eta?: number;
}
/** Options of `parMap`. */
interface ParMapOptions extends ForkOptions {
  /**
   * Items handed to a child at once; a number is exact. Default: 512, fewer where lanes would be idle, and what is left at
   * the end is shared out among them; in long lists more, where 512 items take next to no time. `auto`: a share per lane,
   * split where a lane is idle.
   */
  chunk?: number | 'auto';
  /** Children at the same time; 0 runs everything inline. Default: the CPUs available, the cgroup's quota heeded. */
  lanes?: number;
  /**
   * How long a child lives. `chunk`: for one chunk (the default where `chunk` is a number). `auto`: for one chunk where that
   * takes some 20 times as long as the child's birth, otherwise for several, until it has lived that long or has taken
   * 128 MiB of its own (the default where `chunk` is no number). `lane`: for all chunks of its lane.
   */
  isolation?: 'auto' | 'chunk' | 'lane';
  /** Async functions: items in flight within a child. Default: 16. */
  concurrency?: number;
  /** Milliseconds for one item: only that item fails, the rest of its chunk goes on in a fresh child. */
  itemTimeout?: number;
  /** How often an item whose child died is tried again. Default: 0. */
  retries?: number;
  /** Give `PromiseSettledResult`s instead of failing at the first error. Default: false. */
  settle?: boolean;
  /** `Math.random` gives the same numbers per item, whatever the chunks and lanes. */
  seed?: number | string;
  /** Told of progress, at most 20 times per second, and once at the end. */
  onProgress?: (progress: Progress) => void;
  /**
   * Told of each item once, as it is settled, on the caller's thread: what it was told of is not lost, however the call
   * ends. What it throws rejects the call. Of parMap, parForEach and parStream.
   */
  onSettled?: (index: number, result: PromiseSettledResult<unknown>) => void;
  /**
   * With `settle`: so many failures end the call, or such a share of the items (`'5%'`). The rest is rejected as
   * `ERR_FORKMAP_HALTED`. Of a stream, the share is that of the items settled so far, once there are 100.
   */
  halt?: number | `${number}%`;
  /**
   * Keeps results on disk as they come: the same call again begins where this one ended. A file, or `JournalOptions`. Of
   * parMap, parForEach, parStream and kept functions.
   */
  journal?: string | JournalOptions<never>;
  /** Runs once in each child, before its first item. */
  setup?: () => void | Promise<void>;
  /**
   * Runs once in each child, after its last item: to flush what is buffered. What it throws is told on standard error; the
   * results stand. Not in a child that died, or that was ended by an abort, a deadline, another item's failure, or because what is
   * wanted was found.
   */
  teardown?: () => void | Promise<void>;
  /** Where items run: forked children, spawned processes, this one (`inline`), or a `Cluster` of machines. Default: `auto`. */
  engine?: 'auto' | 'fork' | 'spawn' | 'inline' | RemoteEngine;
  /** Tells where the time went when the call is over: on standard error, or to a function. */
  explain?: boolean | ((explanation: Explanation) => void);
}
/** The defaults of `ParMapOptions`. This is the only copy, but for `chunk`: see `cutOf`. */
declare const PAR_MAP_DEFAULTS: Readonly<{
  readonly isolation: "auto";
  readonly concurrency: 16;
  readonly retries: 0;
  readonly settle: false;
  readonly engine: "auto";
  readonly maxResultBytes: number;
  readonly codec: "auto";
  readonly stdio: "inherit";
}>;
/** Options that went through `checkParMapOptions`: those with a default are there. */
type CheckedParMapOptions = ParMapOptions & Required<Pick<ParMapOptions, keyof typeof PAR_MAP_DEFAULTS>>;
export { Engine as _, RemoteCall as a, describeProgram as c, PROGRAM_CODEC as d, PartHeader as f, Driven as g, Describer as h, REMOTE_ENGINE as i, encodeProgram as l, renameProgram as m, Progress as n, RemoteEngine as o, Program as p, Explanation as r, CallProgram as s, ParMapOptions as t, ChunkHeader as u, ItemsRead as v, Range as y };
