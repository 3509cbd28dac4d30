import { checkFn } from '@forkmap/core/internal';
import type { ParMapOptions } from '../options.js';
import { parOn } from '../par/par.js';
import { initialOf } from '../par/steps/fold.js';
import { layOver } from '../pool/call-options.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';
import { made } from '../recipe/made.js';

type Combine<T> = (left: T, right: T) => T | PromiseLike<T>;

/** Options of `parReduce` where what is made of the items is not of their kind. */
export interface FoldOptions<A> extends ParMapOptions {
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
export function parReduce<T, A>(
  items: Iterable<T> | ArrayLike<T>,
  fn: (folded: A, item: T) => A | PromiseLike<A>,
  init: A,
  options: FoldOptions<A>,
): Promise<A>;
export function parReduce<T>(
  items: Iterable<T> | ArrayLike<T>,
  fn: Combine<T>,
  init: T,
  options?: ParMapOptions,
): Promise<T>;
export function parReduce(
  items: Iterable<unknown> | ArrayLike<unknown>,
  fn: Combine<unknown>,
  init: unknown,
  options?: ParMapOptions | FoldOptions<unknown>,
): Promise<unknown> {
  return parReduceOn(defaultHost, items, fn, init, options);
}

/** As `parReduce`, on a pool's lanes. */
export async function parReduceOn(
  host: Host,
  items: Iterable<unknown> | ArrayLike<unknown>,
  fn: Combine<unknown>,
  init: unknown,
  options?: ParMapOptions | FoldOptions<unknown>,
): Promise<unknown> {
  checkFn(fn);
  if (!options || !('combine' in options) || options.combine === undefined) {
    return parOn(host, items, layOver({}, options)).reduce(fn, init);
  }
  const { combine, ...others } = options;
  checkFn(combine, 'options.combine');
  return parOn(host, items, others)
    .fold(made(initialOf, init), fn as never)
    .reduce(combine, init);
}
