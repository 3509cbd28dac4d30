/** Lets so many be at work at the same time as a number says that may change. First come, first served. */
export class Turns {
  readonly #limit: () => number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  /** Waits for a turn; gives back how to end it. */
  async take(): Promise<() => void> {
    if (this.#taken < this.#limit()) this.#taken += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return () => {
      this.#taken -= 1;
      this.#callNext();
    };
  }

  #callNext(): void {
    while (this.#taken < this.#limit()) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#taken += 1;
      next();
    }
  }
}
