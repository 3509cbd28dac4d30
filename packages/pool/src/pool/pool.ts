import { type keep, keepOn } from '../keep/keep.js';
import { checkParMapOptions, type ParMapOptions } from '../options.js';
import { type par, parOn } from '../par/par.js';
import { type parMap, parMapOn } from '../par-map.js';
import { type parStream, parStreamOn } from '../stream/par-stream.js';
import { type join, joinOn } from '../verbs/join.js';
import { type parEvery, parEveryOn } from '../verbs/par-every.js';
import { type parFilter, parFilterOn } from '../verbs/par-filter.js';
import { type parFind, parFindOn } from '../verbs/par-find.js';
import { type parFindIndex, parFindIndexOn } from '../verbs/par-find-index.js';
import { type parFlatMap, parFlatMapOn } from '../verbs/par-flat-map.js';
import { type parForEach, parForEachOn } from '../verbs/par-for-each.js';
import { type parGroupBy, parGroupByOn } from '../verbs/par-group-by.js';
import { type parReduce, parReduceOn } from '../verbs/par-reduce.js';
import { type parSome, parSomeOn } from '../verbs/par-some.js';
import { type parSort, parSortOn } from '../verbs/par-sort.js';
import type { Host } from './host.js';
import { PoolHost } from './pool-host.js';
import type { PoolStats } from './stats.js';

/**
 * Lanes of its own, shared fairly by all its calls, and defaults for their options. Its methods are the functions of
 * the same names. It holds no process and no thread while nothing runs, and never keeps the process alive.
 */
export class Pool implements AsyncDisposable {
  readonly #host: PoolHost;
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
  constructor(options: ParMapOptions = {}) {
    checkParMapOptions(options);
    const host = new PoolHost(options);
    // WHY cast: what a verb's overloads promise, its one implementation does not say.
    const on = <Verb>(verb: (host: Host, ...args: never[]) => unknown): Verb =>
      ((...args: never[]) => verb(host, ...args)) as Verb;
    this.#host = host;
    this.par = on(parOn);
    this.parMap = on(parMapOn);
    this.parForEach = on(parForEachOn);
    this.parFilter = on(parFilterOn);
    this.parFlatMap = on(parFlatMapOn);
    this.parReduce = on(parReduceOn);
    this.parSome = on(parSomeOn);
    this.parEvery = on(parEveryOn);
    this.parFind = on(parFindOn);
    this.parFindIndex = on(parFindIndexOn);
    this.parSort = on(parSortOn);
    this.parGroupBy = on(parGroupByOn);
    this.parStream = on(parStreamOn);
    this.join = on(joinOn);
    this.keep = on(keepOn);
  }

  /** How many lanes all its calls have together. */
  get lanes(): number {
    return this.#host.lanes;
  }

  /** What its calls have done so far. */
  stats(): PoolStats {
    return this.#host.stats.read();
  }

  /** Takes no more calls (they reject with `ERR_INVALID_STATE`); resolves when those that run are over. */
  close(): Promise<void> {
    return this.#host.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
