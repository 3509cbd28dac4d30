import { made, madeAs } from '../recipe/made.js';
import type { Compare } from '../sort/order.js';
import { collectEnd } from './ends/collect.js';
import { countEnd } from './ends/count.js';
import { everyEnd } from './ends/every.js';
import { findEnd } from './ends/find.js';
import { findIndexEnd } from './ends/find-index.js';
import { forEachEnd } from './ends/for-each.js';
import { extremeEndOf } from './ends/min-max.js';
import { reduceEnd } from './ends/reduce.js';
import { someEnd } from './ends/some.js';
import { sumEnd } from './ends/sum.js';
import { type Ending, ParBase } from './par-base.js';
import type { Awaitable, Plan } from './plan.js';
import { filterStep } from './steps/filter.js';
import { mapStep, type ValueFn } from './steps/map.js';
import type { Fn, Index, NoIndex } from './values.js';

/** Ends of a chain that come to one value. Each runs the chain, anew each time. */
export abstract class ParReductions<T, At extends Index | NoIndex> extends ParBase {
  /** All values, in order. Where they are items of the caller's, untouched, these very items. */
  collect(): Promise<T[]> {
    return this.runTo('collect', undefined, (plan) => [plan, made(collectEnd, plan) as never]);
  }

  /** Runs `fn` for each value, for what it does outside of memory. */
  forEach(fn: Fn<T, At, unknown>): Promise<void> {
    return this.runTo('forEach', fn, (plan) => [made(mapStep, plan, fn), made(forEachEnd)]);
  }

  /**
   * One value made of all: within each chunk in its child, then of the chunks here, in order.
   * @param combine associative: how the values are bracketed must not matter
   * @param identity what to begin with, once. Without it, no values are a `TypeError`.
   */
  reduce(combine: (left: T, right: T) => Awaitable<T>, ...identity: [identity?: T]): Promise<T> {
    const start = identity.length > 0 ? { value: identity[0] } : undefined;
    return this.runTo('reduce', combine, (plan) => [
      plan,
      madeAs(reduceEnd(combine as never, start), reduceEnd, combine as never) as never,
    ]);
  }

  /** How many values there are. */
  count(): Promise<number> {
    return this.runTo('count', undefined, (plan) => [plan, made(countEnd)]);
  }

  /** All values added up: numbers, or bigints. Of none: 0. */
  sum(this: ParReductions<number, At>): Promise<number>;
  sum(this: ParReductions<bigint, At>): Promise<bigint | 0>;
  sum(): Promise<number | bigint | 0> {
    return this.runTo('sum', undefined, (plan) => [plan, made(sumEnd)]);
  }

  /** The least value by `compare`, by default `<`; the first of those that are level. Undefined where there are none. */
  min(compare?: Compare<T>): Promise<T | undefined> {
    return this.runTo('min', compare, (plan) => extreme(plan, 'least', { compare: compare as never }));
  }

  /** The greatest value, as `min`. */
  max(compare?: Compare<T>): Promise<T | undefined> {
    return this.runTo('max', compare, (plan) => extreme(plan, 'greatest', { compare: compare as never }));
  }

  /** The value with the least key, which is compared by `<`. */
  minBy(key: Fn<T, At, unknown>): Promise<T | undefined> {
    return this.runTo('minBy', key, (plan) => extreme(plan, 'least', { key }));
  }

  /** The value with the greatest key. */
  maxBy(key: Fn<T, At, unknown>): Promise<T | undefined> {
    return this.runTo('maxBy', key, (plan) => extreme(plan, 'greatest', { key }));
  }

  /** Whether `test` passes for a value. Ends as soon as any child has seen one. */
  some(test: Fn<T, At, unknown>): Promise<boolean> {
    return this.runTo('some', test, (plan) => [made(mapStep, plan, test), made(someEnd, true)]);
  }

  /** Whether `test` passes for all values. Ends as soon as any child has seen one for which it does not. */
  every(test: Fn<T, At, unknown>): Promise<boolean> {
    return this.runTo('every', test, (plan) => [made(mapStep, plan, test), made(everyEnd)]);
  }

  /** The first value, in order, for which `test` passes. Chunks after it are not begun. */
  find<S extends T>(test: (value: T, ...at: At) => value is S): Promise<S | undefined>;
  find(test: Fn<T, At, unknown>): Promise<T | undefined>;
  find(test: Fn<T, At, unknown>): Promise<T | undefined> {
    return this.runTo('find', test, (plan) => found(plan, test, true));
  }

  /** A value for which `test` passes: the first that any child has seen. */
  findAny<S extends T>(test: (value: T, ...at: At) => value is S): Promise<S | undefined>;
  findAny(test: Fn<T, At, unknown>): Promise<T | undefined>;
  findAny(test: Fn<T, At, unknown>): Promise<T | undefined> {
    return this.runTo('findAny', test, (plan) => found(plan, test, false));
  }

  /** The place, among the values, of the first for which `test` passes; -1 where it does for none. */
  findIndex(test: Fn<T, At, unknown>): Promise<number> {
    return this.runTo('findIndex', test, (plan) => [made(mapStep, plan, test), made(findIndexEnd)]);
  }
}

function extreme<T>(
  plan: Plan,
  which: 'least' | 'greatest',
  { compare, key }: { compare?: Compare<unknown>; key?: ValueFn },
): Ending<T> {
  return [plan, made(extremeEndOf, plan, which, compare, key) as never];
}

function found<T>(plan: Plan, test: ValueFn, isOrdered: boolean): Ending<T> {
  const tested = made(filterStep, plan, test);
  return [tested, made(findEnd, tested, isOrdered) as never];
}
