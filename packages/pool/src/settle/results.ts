import type { Ledger } from './ledger.js';

/** From so many on, it takes some ms to have memory for their results. */
const MANY_ITEMS = 2 ** 16;

/** Results in the order of the items; every item is settled exactly once. */
export class Results<R> implements Ledger {
  readonly #length: number;
  #made: (R | PromiseSettledResult<R>)[] | undefined;
  readonly #isSettled: Uint8Array;
  readonly #asSettled: boolean;
  done = 0;
  failed = 0;
  firstFailure: { index: number; error: unknown } | undefined;

  /** @param asSettled results are `PromiseSettledResult`s */
  constructor(items: number, asSettled: boolean) {
    this.#length = items;
    this.#isSettled = new Uint8Array(items);
    this.#asSettled = asSettled;
  }

  /** All of them. */
  get neededEnd(): number {
    return this.#length;
  }

  get isEnough(): boolean {
    return false;
  }

  complete(): void {
    this.done = this.#length;
  }

  /** WHY not made before children are there: memory that is there at the fork is copied page by page when it is written. */
  get values(): (R | PromiseSettledResult<R>)[] {
    this.#made ??= new Array(this.#length);
    return this.#made;
  }

  makeRoom(forNumbers: boolean): void {
    if (this.#length < MANY_ITEMS) return;
    if (forNumbers && !this.#asSettled) this.#made ??= makeDoubles(this.#length) as R[];
    else void this.values;
  }

  isSettled(index: number): boolean {
    return this.#isSettled[index] === 1;
  }

  fulfilMany(first: number, values: unknown[]): void {
    const end = first + values.length;
    if (this.#asSettled || this.#isSettled.subarray(first, end).includes(1)) {
      for (let i = 0; i < values.length; i++) this.fulfil(first + i, values[i] as R);
      return;
    }
    // The usual case, in bulk: none of them was settled before.
    const own = this.values;
    for (let i = 0; i < values.length; i++) own[first + i] = values[i] as R;
    this.#isSettled.fill(1, first, end);
    this.done += values.length;
  }

  fulfilPlain(first: number, end: number, sheet: Float64Array | undefined): void {
    if (this.#asSettled || this.#isSettled.subarray(first, end).includes(1)) {
      for (let index = first; index < end; index++) this.fulfil(index, sheet?.[index] as R);
      return;
    }
    const own = this.values as unknown[];
    if (sheet) for (let index = first; index < end; index++) own[index] = sheet[index];
    else own.fill(undefined, first, end);
    this.#isSettled.fill(1, first, end);
    this.done += end - first;
  }

  fulfil(index: number, value: R): void {
    if (!this.#claim(index)) return;
    this.values[index] = this.#asSettled ? { status: 'fulfilled', value } : value;
  }

  reject(index: number, error: unknown): void {
    if (!this.#claim(index)) return;
    this.failed += 1;
    if (!this.firstFailure || index < this.firstFailure.index) this.firstFailure = { index, error };
    if (this.#asSettled) this.values[index] = { status: 'rejected', reason: error };
  }

  rejectRest(error: (index: number) => unknown): void {
    for (let index = 0; index < this.#length; index++) {
      if (!this.#isSettled[index]) this.reject(index, error(index));
    }
  }

  #claim(index: number): boolean {
    if (this.#isSettled[index]) return false;
    this.#isSettled[index] = 1;
    this.done += 1;
    return true;
  }
}

/**
 * A list that is to be filled with numbers; what is in it means nothing.
 * WHY: one that is made for anything is made anew when the first fraction is put into it.
 */
function makeDoubles(length: number): number[] {
  const doubles = [0.5];
  doubles.length = length;
  return doubles;
}
