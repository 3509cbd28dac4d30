import type { Segment } from '@forkmap/core/internal';
import type { Range } from '../call/chunks.js';

/** What a call knows of its items. Every item is settled at most once; `Results` keeps one result per item. */
export interface Ledger {
  /** Items settled, failures among them. */
  readonly done: number;
  /** Items settled by an error. */
  readonly failed: number;
  /** The first failure, by the order of the items, of those that are known. */
  readonly firstFailure: { index: number; error: unknown } | undefined;
  /** Items from this index on are not needed. It only ever becomes less. */
  readonly neededEnd: number;
  /** It may be enough before all items were run: a failure counts only when all before it are known. */
  readonly mayStop?: boolean;
  /** Nothing more is needed: the call may end. */
  readonly isEnough: boolean;
  /** What was known so far becomes final, because the call was ended early and well. */
  complete(): void;
  /**
   * Children are at work now, and this thread has nothing to do.
   * @param forNumbers whether results are numbers, as far as they have come
   */
  makeRoom?(forNumbers: boolean): void;
  isSettled(index: number): boolean;
  fulfilMany(first: number, values: unknown[]): void;
  /** Takes in the results of [first, end): the numbers at these places of a sheet, or, without one, undefined. */
  fulfilPlain?(first: number, end: number, sheet: Float64Array | undefined): void;
  reject(index: number, error: unknown): void;
  /** Settles whatever is not, by an error each. */
  rejectRest(error: (index: number) => unknown): void;
  /** Where children gather: takes in what some items came to. */
  addSegment?(segment: Segment): void;
  /** Where children gather: the items of a chunk that no segment covers. */
  restOf?(range: Range): Range;
}
