import type { Ledger } from './ledger.js';

/** Results in the order of the items; every item is settled exactly once. */
export class Results<R> implements Ledger {
  readonly #values: (R | PromiseSettledResult<R>)[];
  readonly #isSettled: Uint8Array;
  readonly #asSettled: boolean;
  done = 0;
  failed = 0;
  firstFailure: { index: number; error: unknown } | undefined;

  /** @param asSettled results are `PromiseSettledResult`s */
  constructor(items: number, asSettled: boolean) {
    this.#values = new Array(items);
    this.#isSettled = new Uint8Array(items);
    this.#asSettled = asSettled;
  }

  /** All of them. */
  get neededEnd(): number {
    return this.#values.length;
  }

  get isEnough(): boolean {
    return false;
  }

  complete(): void {
    this.done = this.#values.length;
  }

  get values(): (R | PromiseSettledResult<R>)[] {
    return this.#values;
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
    const own = this.#values;
    for (let i = 0; i < values.length; i++) own[first + i] = values[i] as R;
    this.#isSettled.fill(1, first, end);
    this.done += values.length;
  }

  fulfil(index: number, value: R): void {
    if (!this.#claim(index)) return;
    this.#values[index] = this.#asSettled ? { status: 'fulfilled', value } : value;
  }

  reject(index: number, error: unknown): void {
    if (!this.#claim(index)) return;
    this.failed += 1;
    if (!this.firstFailure || index < this.firstFailure.index) this.firstFailure = { index, error };
    if (this.#asSettled) this.#values[index] = { status: 'rejected', reason: error };
  }

  rejectRest(error: () => unknown): void {
    for (let index = 0; index < this.#values.length; index++) {
      if (!this.#isSettled[index]) this.reject(index, error());
    }
  }

  #claim(index: number): boolean {
    if (this.#isSettled[index]) return false;
    this.#isSettled[index] = 1;
    this.done += 1;
    return true;
  }
}
