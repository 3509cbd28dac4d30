import { isString } from '@forkmap/core/internal';
import { made } from '../recipe/made.js';
import type { Compare } from '../sort/order.js';
import { countByEnd } from './ends/count-by.js';
import { groupByEnd } from './ends/group-by.js';
import { iterate } from './ends/iterate.js';
import { joinTextEnd } from './ends/join-text.js';
import { partitionEnd } from './ends/partition.js';
import { sortEnd } from './ends/sort.js';
import { sortByEnd } from './ends/sort-by.js';
import { toMapEnd } from './ends/to-map.js';
import { toSetEnd } from './ends/to-set.js';
import { unzipEnd } from './ends/unzip.js';
import { ParReductions } from './par-reductions.js';
import type { CallSetting } from './run.js';
import type { Fn, Index, NoIndex } from './values.js';

/** Ends of a chain that come to a collection of many values. Each runs the chain, anew each time. */
export abstract class ParCollections<T, At extends Index | NoIndex>
  extends ParReductions<T, At>
  implements AsyncIterable<T>
{
  /** Two lists: the values for which `test` passes, and the others. Both in order. */
  partition<S extends T>(test: (value: T, ...at: At) => value is S): Promise<[S[], Exclude<T, S>[]]>;
  partition(test: Fn<T, At, unknown>): Promise<[T[], T[]]>;
  partition(test: Fn<T, At, unknown>): Promise<[T[], T[]]> {
    return this.runTo('partition', test, (plan) => [plan, made(partitionEnd, plan, test) as never]);
  }

  /**
   * Lists of values by key, as `Map.groupBy`: keys in the order in which they are first met, values in order.
   * @param key gives a primitive value; an object is `ERR_INVALID_ARG_TYPE`
   */
  groupBy<K>(key: Fn<T, At, K>): Promise<Map<K, T[]>> {
    return this.runTo('groupBy', key, (plan) => [plan, made(groupByEnd, plan, key) as never]);
  }

  /** How many values there are by key; keys as in `groupBy`. */
  countBy<K>(key: Fn<T, At, K>): Promise<Map<K, number>> {
    return this.runTo('countBy', key, (plan) => [plan, made(countByEnd, plan, key) as never]);
  }

  /** Two lists of the halves of pairs. */
  unzip<A, B>(this: ParCollections<readonly [A, B], At>): Promise<[A[], B[]]> {
    return this.runTo('unzip', undefined, (plan) => [plan, made(unzipEnd) as never]);
  }

  /** The values as one text, with `separator` (default `,`) between them; `null` and `undefined` are empty. */
  async join(separator = ','): Promise<string> {
    isString('separator', separator);
    return this.runTo('join', undefined, (plan) => [plan, made(joinTextEnd, separator)]);
  }

  /** A Map of pairs `[key, value]`; of equal keys, the last one counts. */
  toMap<K, V>(this: ParCollections<readonly [K, V], At>): Promise<Map<K, V>> {
    return this.runTo('toMap', undefined, (plan) => [plan, made(toMapEnd) as never]);
  }

  /** A Set of the values. */
  toSet(): Promise<Set<T>> {
    return this.runTo('toSet', undefined, (plan) => [plan, made(toSetEnd, plan) as never]);
  }

  /** All values sorted, as by `Array.prototype.toSorted`: each child sorts its own, and here they are merged. Stable. */
  sort(compare?: Compare<T>): Promise<T[]> {
    return this.runTo('sort', compare, (plan) => [plan, made(sortEnd, plan, compare as never) as never]);
  }

  /** All values in the order of their keys, by `<`; each key is made once. Stable. */
  sortBy(key: Fn<T, At, unknown>): Promise<T[]> {
    return this.runTo('sortBy', key, (plan) => [plan, made(sortByEnd, plan, key) as never]);
  }

  /**
   * The values in order, as chunks come back. Children are not further ahead than two chunks per lane; a `break`
   * ends them.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    const setting = this.settingOf('for await');
    yield* iterate(await this.makePlan(setting), setting) as AsyncGenerator<T, void, undefined>;
  }

  protected override settingOf(verb: string): CallSetting {
    const isSort = verb === 'sort' || verb === 'sortBy';
    return { ...super.settingOf(verb), ...(isSort && { isOneChunkPerLane: true }) };
  }
}
