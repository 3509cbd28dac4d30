/**
 * What a range of items comes to, for verbs that send less, or more, than one result per item: a sum, the items that
 * passed a filter. The items go through `ChildWork.invoke`; what they come to is taken from here.
 */
export interface Gathering {
  /**
   * Begins a range of items.
   * @param onFailure told of an item whose values could not be gathered after it had itself been run
   */
  begin(start: number, onFailure: (index: number, error: unknown) => void): void;
  /** All items of the range before this one are gathered. */
  readonly head: number;
  /** No further item of the range, or after it, is needed. */
  readonly isOver: boolean;
  /** A guess at the encoded bytes of what may be taken before the range is at its end. */
  readonly weight: number;
  /** Every item was run: ends what goes on beyond single items. A promise where that takes time. */
  finish(): void | PromiseLike<void>;
  /** Hands over what was gathered since the last time. */
  take(): Gathered;
}

/** What the items [first, end) come to. */
export interface Gathered {
  first: number;
  end: number;
  values: readonly unknown[];
  /** Where the values of an item are known: how many values there are up to and with each of the items. */
  ends?: readonly number[] | undefined;
  /** Nothing after these items is needed. */
  isOver: boolean;
}

/** The first bytes of a segment's payload: how many values the rest of it holds, and flags. */
export const SEGMENT_HEADER_BYTES = 8;
export const SEGMENT_IS_OVER = 1;
