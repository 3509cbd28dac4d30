/** Half-open ranges of item indices that are still to be run, handed out in order. */
export class ChunkQueue {
  #next = 0;
  #end: number;
  readonly #itemsFor: (left: number) => number;
  /** Remainders of chunks whose child died: they go first, so that results stay near the front. */
  readonly #remainders: Range[] = [];

  /** @param itemsFor how many items the next chunk has, when so many are left */
  constructor(items: number, itemsFor: (left: number) => number) {
    this.#end = items;
    this.#itemsFor = itemsFor;
  }

  get isEmpty(): boolean {
    return this.#remainders.length === 0 && this.#next >= this.#end;
  }

  take(): Range | undefined {
    const remainder = this.#remainders.shift();
    if (remainder) return remainder;
    if (this.#next >= this.#end) return undefined;
    const start = this.#next;
    this.#next = Math.min(this.#end, start + this.#itemsFor(this.#end - start));
    return { start, end: this.#next };
  }

  putBack(range: Range): void {
    if (range.start < range.end) this.#remainders.push(range);
  }

  clear(): void {
    this.truncate(0);
  }

  /** No chunk is handed out that begins at `end` or after it. */
  truncate(end: number): void {
    this.#end = Math.min(this.#end, Math.max(end, this.#next));
    const wanted = this.#remainders.filter(({ start }) => start < end);
    if (wanted.length < this.#remainders.length)
      this.#remainders.splice(0, this.#remainders.length, ...wanted);
  }
}

/** Items [start, end). */
export interface Range {
  start: number;
  end: number;
}
