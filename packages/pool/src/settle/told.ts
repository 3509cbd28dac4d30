import type { JournalSession } from '../journal/session.js';
import type { Ledger } from './ledger.js';
import type { Results } from './results.js';

type Settled = PromiseSettledResult<unknown>;

/** Who hears of each item as it is settled: the journal first, then the caller. */
export interface Hearers {
  journal?: JournalSession | undefined;
  onSettled?: ((index: number, result: Settled) => void) | undefined;
}

interface Parts {
  /** Of all items of the list. */
  results: Results<unknown>;
  hearers: Hearers;
  /** Which items of the list this call runs, in order. Default: all. */
  todo?: Uint32Array | undefined;
  /** What each of these is known by, where there is a journal. */
  keys?: readonly Uint8Array[] | undefined;
  /** The place of the list's first item in what the caller's index counts. */
  offset: number;
}

/**
 * Results that others are told of, item by item, before they count. Of a list of which some items are known already, it is
 * the ledger of those that are not.
 * INVARIANT: an item is in the journal before `onSettled` is called for it, and that before its result can be taken.
 */
export class ToldResults implements Ledger {
  readonly #parts: Parts;
  readonly neededEnd: number;
  readonly isEnough = false;
  done = 0;
  failed = 0;
  #firstFailure: { index: number; error: unknown } | undefined;
  /** A hearer has thrown: nobody is told any more. */
  #hasThrown = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.neededEnd = parts.todo?.length ?? parts.results.neededEnd;
  }

  /** WHY none once a hearer has thrown: then that is what ends the call. */
  get firstFailure(): { index: number; error: unknown } | undefined {
    return this.#hasThrown ? undefined : this.#firstFailure;
  }

  complete(): void {
    this.done = this.neededEnd;
  }

  makeRoom(forNumbers: boolean): void {
    this.#parts.results.makeRoom(forNumbers);
  }

  isSettled(index: number): boolean {
    return this.#parts.results.isSettled(this.#placeOf(index));
  }

  fulfilMany(first: number, values: unknown[]): void {
    const settled = values.map((value, at): [number, Settled] => [
      first + at,
      { status: 'fulfilled', value },
    ]);
    this.#settle(settled, { isFinal: true });
  }

  fulfilPlain(first: number, end: number, sheet: Float64Array | undefined): void {
    const values = Array.from({ length: end - first }, (_, at) => sheet?.[first + at]);
    this.fulfilMany(first, values);
  }

  reject(index: number, reason: unknown): void {
    this.#settle([[index, { status: 'rejected', reason }]], { isFinal: true });
  }

  /** WHY not into the journal: these items did not fail, the call was ended. */
  rejectRest(error: (index: number) => unknown): void {
    for (let index = 0; index < this.neededEnd; index++) {
      if (this.isSettled(index)) continue;
      this.#settle([[index, { status: 'rejected', reason: error(index) }]], { isFinal: false });
    }
  }

  /** @param isFinal the item itself came to this, and would again */
  #settle(all: [index: number, result: Settled][], { isFinal }: { isFinal: boolean }): void {
    if (this.#hasThrown) return;
    const fresh = all.filter(([index]) => !this.isSettled(index));
    try {
      if (isFinal) this.#write(fresh);
      for (const [index, result] of fresh) this.#tell(index, result);
    } catch (error) {
      this.#hasThrown = true;
      throw error;
    }
  }

  #write(fresh: [index: number, result: Settled][]): void {
    const { hearers, keys } = this.#parts;
    hearers.journal?.write(fresh.map(([index, result]) => ({ key: keys?.[index] as Uint8Array, result })));
  }

  #tell(index: number, result: Settled): void {
    const { results, hearers, offset } = this.#parts;
    const place = this.#placeOf(index);
    hearers.onSettled?.(offset + place, result);
    this.done += 1;
    if (result.status === 'fulfilled') {
      results.fulfil(place, result.value);
      return;
    }
    results.reject(place, result.reason);
    this.failed += 1;
    if (!this.#firstFailure || index < this.#firstFailure.index)
      this.#firstFailure = { index, error: result.reason };
  }

  #placeOf(index: number): number {
    return this.#parts.todo?.[index] ?? index;
  }
}
