/** Things that come when they come, taken one by one in that order. For one taker. */
export class Mailbox<T> implements AsyncIterable<T> {
  readonly #things: T[] = [];
  #end: { error: unknown } | 'closed' | undefined;
  #wake: (() => void) | undefined;

  /** How many wait to be taken. */
  get size(): number {
    return this.#things.length;
  }

  post(thing: T): void {
    this.#things.push(thing);
    this.#wake?.();
  }

  /** Nothing more will come. */
  close(): void {
    this.#end ??= 'closed';
    this.#wake?.();
  }

  /** Nothing more will come; once all is taken, taking throws. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      while (this.#things.length > 0) yield this.#things.shift() as T;
      if (this.#end === 'closed') return;
      if (this.#end) throw this.#end.error;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
      this.#wake = undefined;
    }
  }
}
