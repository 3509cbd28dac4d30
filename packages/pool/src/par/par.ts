import { checkFn, isInteger } from '@forkmap/core/internal';
import type { ParMapOptions } from '../options.js';
import { callOptions, layOver } from '../pool/call-options.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';
import { made } from '../recipe/made.js';
import type { PlanMaker } from './par-base.js';
import { ParCollections } from './par-collections.js';
import type { Awaitable, IndexedPlan, Plan } from './plan.js';
import {
  indexedMaker,
  indexedStepMaker,
  joinedStepMaker,
  planMakerOf,
  stepMaker,
  unstoppedMaker,
} from './plan-maker.js';
import { chunksStep } from './steps/chunks.js';
import { concatStep } from './steps/concat.js';
import { enumerateStep } from './steps/enumerate.js';
import { filterStep } from './steps/filter.js';
import { filterMapStep } from './steps/filter-map.js';
import { flatStep } from './steps/flat.js';
import { flatMapStep } from './steps/flat-map.js';
import { foldStep } from './steps/fold.js';
import { inspectStep } from './steps/inspect.js';
import { mapStep } from './steps/map.js';
import { mapInitStep } from './steps/map-init.js';
import { boundOf, sliceStep } from './steps/slice.js';
import { takeWhileStep } from './steps/take-while.js';
import { windowsStep } from './steps/windows.js';
import { zipStep } from './steps/zip.js';
import type { Flattened, Fn, Index, NoIndex } from './values.js';

/** A list of items, or a chain over one. */
export type ParSource<T> = Iterable<T> | ArrayLike<T> | Par<T, Index> | Par<T, NoIndex>;

/**
 * A lazy chain: nothing runs before an end is called, and then all its steps run in one pass over each chunk, in the
 * children. Only what leaves the chain is sent. Any step may be asynchronous.
 *
 * Steps are given the value's index as long as each value has the place of an item. After `filter`, `filterMap`,
 * `flatMap`, `flat`, `takeWhile` and `fold`, places are only known once the steps so far were run: steps that need
 * them (`enumerate`, `zip`, `slice`, `take`, `skip`, `stepBy`, `chunks`, `windows`) do that first, as a call of its own.
 */
export class Par<T, At extends Index | NoIndex = Index> extends ParCollections<T, At> {
  /** Each value becomes what `fn` makes of it. */
  map<R>(fn: Fn<T, At, R>): Par<Awaited<R>, At> {
    return this.#step(fn, (plan) => made(mapStep, plan, fn));
  }

  /**
   * As `map`; `fn` is first given a value that is made once per child.
   * @param init makes that value: a connection, a parser, a large buffer
   */
  mapInit<S, R>(
    init: () => Awaitable<S>,
    fn: (state: S, value: T, ...at: At) => Awaitable<R>,
  ): Par<Awaited<R>, At> {
    checkFn(init, 'init');
    return this.#step(fn, (plan) => made(mapInitStep, plan, init, fn));
  }

  /** Keeps the values for which `test` passes. */
  filter<S extends T>(test: (value: T, ...at: At) => value is S): Par<S, NoIndex>;
  filter(test: Fn<T, At, unknown>): Par<T, NoIndex>;
  filter(test: Fn<T, At, unknown>): Par<T, NoIndex> {
    return this.#step(test, (plan) => made(filterStep, plan, test));
  }

  /** Each value becomes what `fn` makes of it; `undefined` is left out. */
  filterMap<R>(fn: Fn<T, At, R>): Par<Exclude<Awaited<R>, undefined>, NoIndex> {
    return this.#step(fn, (plan) => made(filterMapStep, plan, fn));
  }

  /** Each value becomes the values of the array that `fn` makes of it; what is no array is one value. */
  flatMap<R>(fn: Fn<T, At, R | readonly R[]>): Par<Awaited<R>, NoIndex> {
    return this.#step(fn, (plan) => made(flatMapStep, plan, fn));
  }

  /** Each value that is an array becomes its values, `depth` levels deep (default 1). */
  flat(): Par<Flattened<T>, NoIndex>;
  flat<D extends number>(depth: D): Par<FlatArray<T[], D>, NoIndex>;
  flat(depth = 1): Par<unknown, NoIndex> {
    return this.#step(undefined, (plan) => made(flatStep, plan, depth));
  }

  /** Shows each value to `fn`, and passes it on. */
  inspect(fn: Fn<T, At, unknown>): Par<T, At> {
    return this.#step(fn, (plan) => made(inspectStep, plan, fn));
  }

  /** Ends the chain before the first value, in order, for which `test` does not pass. No chunk after it is begun. */
  takeWhile<S extends T>(test: (value: T, ...at: At) => value is S): Par<S, NoIndex>;
  takeWhile(test: Fn<T, At, unknown>): Par<T, NoIndex>;
  takeWhile(test: Fn<T, At, unknown>): Par<T, NoIndex> {
    return this.#step(test, (plan) => made(takeWhileStep, plan, test));
  }

  /**
   * The values of each chunk become one.
   * @param init makes what a chunk begins with
   * @param fn takes a value into what was made so far
   */
  fold<A>(
    init: () => A,
    fn: (folded: Awaited<A>, value: T) => Awaitable<Awaited<A>>,
  ): Par<Awaited<A>, NoIndex> {
    checkFn(init, 'init');
    return this.#step(fn, (plan) => made(foldStep, plan, init, fn));
  }

  /** Pairs `[index, value]`. */
  enumerate(): Par<[index: number, value: T], Index> {
    return this.#indexedStep((plan) => made(enumerateStep, plan));
  }

  /** Pairs of these values and the other's; the longer one's rest is left out. */
  zip<U>(other: ParSource<U>): Par<[T, U], Index> {
    const [left, right] = [indexedMaker(this.makePlan), indexedMaker(planMakerOf(other))];
    return this.#with(
      joinedStepMaker([left, right], ((a: IndexedPlan, b: IndexedPlan) => made(zipStep, a, b)) as never),
    );
  }

  /** These values, then the other's. */
  concat<U>(other: Par<U, NoIndex>): Par<T | U, NoIndex>;
  concat<U>(other: ParSource<U>): Par<T | U, At>;
  concat<U>(other: ParSource<U>): Par<T | U, Index | NoIndex> {
    return this.#with(
      joinedStepMaker([unstoppedMaker(this.makePlan), planMakerOf(other)], (a, b) => made(concatStep, a, b)),
    );
  }

  /** The values at the places [start, end), which may count from the end, as in `Array.prototype.slice`. */
  slice(start?: number, end?: number): Par<T, Index> {
    const needed = (start ?? 0) >= 0 && end !== undefined && end >= 0 ? end : undefined;
    return this.#indexedStep((plan) => {
      const { length } = plan;
      return made(sliceStep, plan, boundOf(start, length, 0), boundOf(end, length, length));
    }, needed);
  }

  /** The first `count` values. */
  take(count: number): Par<T, Index> {
    isInteger(0)('count', count);
    return this.slice(0, count);
  }

  /** All but the first `count` values. */
  skip(count: number): Par<T, Index> {
    isInteger(0)('count', count);
    return this.slice(count);
  }

  /** Every `step`th value, beginning with the first. */
  stepBy(step: number): Par<T, Index> {
    isInteger(1)('step', step);
    return this.#indexedStep((plan) => made(sliceStep, plan, 0, plan.length, step));
  }

  /** Arrays of `size` values each; the last may have fewer. */
  chunks(size: number): Par<T[], Index> {
    isInteger(1)('size', size);
    return this.#indexedStep((plan) => made(chunksStep, plan, size));
  }

  /** Arrays of `size` neighbours each, one for every place where there are so many. */
  windows(size: number): Par<T[], Index> {
    isInteger(1)('size', size);
    return this.#indexedStep((plan) => made(windowsStep, plan, size));
  }

  /** The same chain with further options, laid over those it has. */
  withOptions(options: ParMapOptions): Par<T, At> {
    callOptions(this.host, options);
    return new Par(this.makePlan, this.host, layOver(this.options ?? {}, options));
  }

  #step<U, B extends Index | NoIndex>(fn: unknown, step: (plan: Plan) => Plan): Par<U, B> {
    if (fn !== undefined) checkFn(fn);
    return this.#with(stepMaker(this.makePlan, step));
  }

  #indexedStep<U>(step: (plan: IndexedPlan) => Plan, limit?: number): Par<U, Index> {
    return this.#with(indexedStepMaker(this.makePlan, step, limit));
  }

  #with<U, B extends Index | NoIndex>(makePlan: PlanMaker): Par<U, B> {
    return new Par(makePlan, this.host, this.options);
  }
}

/**
 * A lazy chain over a list; see `Par`.
 * @param items any list; copied (shallowly) before this returns, never serialized
 * @param options as of `parMap`, but for `settle`, for every run of the chain. Where `chunk` is not given, long lists
 *   have larger chunks than `parMap`'s default.
 */
export function par<T>(items: Iterable<T> | ArrayLike<T>, options?: ParMapOptions): Par<T> {
  return parOn(defaultHost, items, options);
}

/** As `par`, on a pool's lanes. */
export function parOn<T>(host: Host, items: Iterable<T> | ArrayLike<T>, options?: ParMapOptions): Par<T> {
  callOptions(host, options);
  return new Par<T>(planMakerOf(items), host, options);
}
