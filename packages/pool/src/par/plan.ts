import type { Range } from '../call/chunks.js';
import type { ItemList } from '../items.js';
import type { ItemsRead } from '../recipe/made.js';
import type { Cell } from './cell.js';

/** A value, or a promise of it: any step may be asynchronous. */
export type Awaitable<T> = T | PromiseLike<T>;

/** Takes a value on to the next step. A promise where that takes time: then the next value waits for it. */
export type Push = (value: unknown, cell: Cell) => Awaitable<void>;

export type OnFailure = (position: number, error: unknown) => void;

/** A plan with all that comes after it: one closure, run in the children. */
export interface Runner {
  /** A range begins. `onFailure` is told of a position that failed after it was run. */
  begin?: ((start: number, onFailure: OnFailure) => void) | undefined;
  /** Runs one position; its values are pushed. */
  run(position: number, cell: Cell): Awaitable<void>;
  /** The range is at its end: pushes what a step has kept back until now. */
  end?: ((cell: Cell) => Awaitable<void>) | undefined;
}

/** Gives the value of a position. */
export type Getter = (position: number) => unknown;

/**
 * A chain up to some step, not run yet: positions [0, length), each with its values.
 * INVARIANT: nothing here runs a function of the caller's before the plan is compiled and run.
 */
export interface Plan {
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

/** A plan of which each position has exactly one value. */
export type IndexedPlan = Plan & Required<Pick<Plan, 'getter'>>;

export function isIndexed(plan: Plan): plan is IndexedPlan {
  return plan.getter !== undefined;
}

/** The plan that a chain begins with. */
export function listPlan(list: ItemList<unknown>): IndexedPlan {
  const itemAt: Getter = (position) => list[position];
  return {
    length: list.length,
    place: (range) => ({ ...range }),
    reads: (range) => [{ list, ...range }],
    getter: () => itemAt,
    itemAt,
    // WHY not awaited: an item that is a promise is passed on as it is, as by `Array.prototype.map`.
    compile: (push) => ({ run: (position, cell) => push(list[position], cell) }),
  };
}

/** A plan made of a getter. */
export function indexedPlan(parts: Omit<IndexedPlan, 'compile'>): IndexedPlan {
  return {
    ...parts,
    compile(push) {
      const get = parts.getter();
      return {
        run(position, cell) {
          const value = get(position);
          return isThenable(value) ? value.then((settled) => push(settled, cell)) : push(value, cell);
        },
      };
    },
  };
}

/**
 * What a step does with a value: it pushes what it likes, nothing, one value or many. `position` is known where each
 * position has one value, and is the value's index then.
 */
export type Step = (value: unknown, push: Push, cell: Cell, position?: number) => Awaitable<void>;

/**
 * A plan of which a position may have any number of values.
 * @param makeStep called once per call, in the origin: each child has its own copy of what it closes over
 * @param itemAt as `Plan.itemAt`
 */
export function pushPlan(before: Plan, makeStep: () => Step, itemAt?: Getter): Plan {
  const { length, place, reads, mayStop, isPerChunk } = before;
  const compile = isIndexed(before)
    ? (push: Push) => compileIndexed(before, makeStep(), push)
    : (push: Push) => {
        const step = makeStep();
        return before.compile((value, cell) => step(value, push, cell));
      };
  return { length, place, reads, mayStop, isPerChunk, itemAt, compile };
}

function compileIndexed(before: IndexedPlan, step: Step, push: Push): Runner {
  const get = before.getter();
  if (before.itemAt) return { run: (position, cell) => step(get(position), push, cell, position) };
  return {
    run(position, cell) {
      const value = get(position);
      if (!isThenable(value)) return step(value, push, cell, position);
      return value.then((settled) => step(settled, push, cell, position));
    },
  };
}

/**
 * Calls `then` at once, or when the value is there. Steps that run for every value ask `isThenable` themselves: to make
 * a closure for each takes longer than many a step.
 */
export function whenSettled<R>(value: unknown, then: (value: unknown) => R): R | PromiseLike<Awaited<R>> {
  return isThenable(value) ? (value as PromiseLike<unknown>).then(then as never) : then(value);
}

export function isThenable<T>(value: Awaitable<T>): value is PromiseLike<T> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as Partial<PromiseLike<unknown>>).then === 'function'
  );
}
