import { invalidArgType } from '@forkmap/core/internal';
import { isThenable } from '../par/plan.js';

/** Where a stream's items come from. A Web `ReadableStream` and a Node `Readable` are async iterables. */
export type StreamSource<T> = Iterable<T> | AsyncIterable<T>;

type AnyIterator<T> = Iterator<T> | AsyncIterator<T>;

export function checkSource(source: unknown): void {
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = Object(source) as Partial<
    Iterable<unknown> & AsyncIterable<unknown>
  >;
  const isObject = typeof source === 'object' || typeof source === 'string';
  if (source !== null && isObject && (typeof sync === 'function' || typeof async === 'function')) return;
  throw invalidArgType('source', 'iterable or async iterable', source);
}

/** Takes items from a source one after the other, without waiting where the source does not. */
export class SourceReader<T> {
  readonly #iterator: AnyIterator<T>;
  #isWaiting = false;
  #isAtEnd = false;

  constructor(source: StreamSource<T>) {
    this.#iterator =
      Symbol.asyncIterator in Object(source)
        ? (source as AsyncIterable<T>)[Symbol.asyncIterator]()
        : (source as Iterable<T>)[Symbol.iterator]();
  }

  /** The next item; undefined at the end. A promise where the source is asynchronous. */
  next(): { item: T } | undefined | Promise<{ item: T } | undefined> {
    const stepping = this.#iterator.next();
    if (!isThenable(stepping)) return this.#stepped(stepping);
    this.#isWaiting = true;
    return stepping.then(
      (step) => {
        this.#isWaiting = false;
        return this.#stepped(step);
      },
      (error: unknown) => {
        this.#isWaiting = false;
        this.#isAtEnd = true;
        throw error;
      },
    ) as Promise<{ item: T } | undefined>;
  }

  /** No more items are wanted: the source may clean up. */
  async close(): Promise<void> {
    if (this.#isAtEnd) return;
    this.#isAtEnd = true;
    const closing = Promise.resolve(this.#iterator.return?.());
    // WHY not waited for: a generator hears of it only once what it itself waits for has come, which may be never.
    if (this.#isWaiting) closing.catch(() => undefined);
    else await closing;
  }

  #stepped(step: IteratorResult<T>): { item: T } | undefined {
    if (!step.done) return { item: step.value };
    this.#isAtEnd = true;
    return undefined;
  }
}
