import type { Segment } from '@forkmap/core/internal';
import type { Range } from '../call/chunks.js';
import type { Ledger } from '../settle/ledger.js';

/** Who takes in what ranges of items came to. */
export interface SegmentReader {
  /** Segments are wanted in the order of their items; otherwise as they come. */
  readonly isOrdered: boolean;
  /** It may be enough before all items were run. */
  readonly mayStop?: boolean;
  /** Takes in the values of a segment. True: nothing more is needed. */
  read(values: readonly unknown[]): boolean;
}

/** What is known of a call whose children gather: which items segments cover, and which they need not cover. */
export class Segments implements Ledger {
  readonly #items: number;
  readonly #reader: SegmentReader;
  readonly #isOrdered: boolean;
  readonly mayStop: boolean;
  readonly #waiting = new Map<number, Segment>();
  /** The ends of the segments that came, by their first item. */
  readonly #ends = new Map<number, number>();
  #next = 0;
  done = 0;
  failed = 0;
  firstFailure: { index: number; error: unknown } | undefined;
  neededEnd: number;
  isEnough = false;

  /** @param mayStop the items may be over before their end: segments are read in order */
  constructor(items: number, reader: SegmentReader, mayStop: boolean) {
    this.#items = items;
    this.#reader = reader;
    this.#isOrdered = mayStop || reader.isOrdered;
    this.mayStop = mayStop || reader.mayStop === true;
    this.neededEnd = items;
  }

  /** Segments that wait for one before them. */
  get waiting(): number {
    return this.#waiting.size;
  }

  addSegment(segment: Segment): void {
    // WHY: a chunk that was at work when enough was known may still come to its end.
    if (this.isEnough || segment.first >= this.neededEnd || this.#ends.has(segment.first)) return;
    this.#ends.set(segment.first, segment.end);
    this.done += segment.end - segment.first;
    if (segment.isOver) this.#needOnly(segment.end);
    try {
      if (this.#isOrdered) this.#readInOrder(segment);
      else if (this.#reader.read(segment.values)) this.isEnough = true;
    } catch (error) {
      this.reject(segment.first, error);
    }
  }

  /** From the end of its last segment on. INVARIANT: a child sends the segments of its chunk in order. */
  restOf({ start, end }: Range): Range {
    let first = start;
    for (let next = this.#ends.get(first); next !== undefined; next = this.#ends.get(first)) first = next;
    return { start: Math.min(first, end), end: Math.min(end, this.neededEnd) };
  }

  isSettled(index: number): boolean {
    for (const [first, end] of this.#ends) if (first <= index && index < end) return true;
    return false;
  }

  reject(index: number, error: unknown): void {
    if (index >= this.neededEnd || this.isEnough) return;
    this.done += 1;
    this.failed += 1;
    if (!this.firstFailure || index < this.firstFailure.index) this.firstFailure = { index, error };
  }

  complete(): void {
    this.done = this.#items;
  }

  fulfilMany(): void {
    throw new TypeError('results for items of a call whose children gather');
  }

  rejectRest(): void {
    throw new TypeError('an error per item of a call whose children gather');
  }

  /** Failures after the end are no failures: in a serial run, these items would not have been begun. */
  #needOnly(end: number): void {
    this.neededEnd = Math.min(this.neededEnd, end);
    if (!this.firstFailure || this.firstFailure.index < this.neededEnd) return;
    this.firstFailure = undefined;
    this.failed = 0;
  }

  #readInOrder(segment: Segment): void {
    this.#waiting.set(segment.first, segment);
    for (let next = this.#waiting.get(this.#next); next; next = this.#waiting.get(this.#next)) {
      this.#waiting.delete(this.#next);
      this.#next = next.end;
      if (this.#reader.read(next.values)) this.isEnough = true;
      if (this.#next >= this.neededEnd) this.isEnough = true;
      if (this.isEnough) return;
    }
  }
}
