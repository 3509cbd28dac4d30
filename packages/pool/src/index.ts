/**
 * `Array.prototype.map` and what is like it, in parallel, over any closure. Has all that `@forkmap/core` has.
 *
 * @module @forkmap/pool
 */
export * from '@forkmap/core';
export { keep } from './keep/keep.js';
export type { Kept } from './keep/kept.js';
export type { KeptStats, KeptTimes } from './keep/kept-stats.js';
export type { KeepOptions, KeptRunOptions } from './keep/options.js';
export type { ParMapOptions, Progress } from './options.js';
export { type Par, type ParSource, par } from './par/par.js';
export { parMap } from './par-map.js';
export { Pool } from './pool/pool.js';
export type { Percentiles, PoolStats } from './pool/stats.js';
export { type Finding, type Preflight, preflight } from './preflight/preflight.js';
export { type Task, task } from './recipe/task.js';
export { sharedArray, type TypedArrayConstructor } from './shared-array.js';
export { type ParStreamOptions, parStream } from './stream/par-stream.js';
export type { Explanation } from './trace/explain.js';
export { type Joined, join } from './verbs/join.js';
export { parEvery } from './verbs/par-every.js';
export { parFilter } from './verbs/par-filter.js';
export { parFind } from './verbs/par-find.js';
export { parFindIndex } from './verbs/par-find-index.js';
export { parFlatMap } from './verbs/par-flat-map.js';
export { parForEach } from './verbs/par-for-each.js';
export { parGroupBy } from './verbs/par-group-by.js';
export { type FoldOptions, parReduce } from './verbs/par-reduce.js';
export { parSome } from './verbs/par-some.js';
export { parSort } from './verbs/par-sort.js';
