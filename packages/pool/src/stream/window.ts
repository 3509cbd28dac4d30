import { ForkedCall } from '../call/forked-call.js';
import { mapInline } from '../inline.js';
import type { CheckedParMapOptions } from '../options.js';
import type { CallEngine } from '../pool/call-options.js';
import type { CallHost } from '../pool/host.js';
import { mapItem } from '../recipe/item-functions.js';
import { asList, made } from '../recipe/made.js';
import { Results } from '../settle/results.js';

export interface WindowParts<T> {
  items: T[];
  /** The place of the first item in the stream. */
  offset: number;
  fn: (item: T, index: number) => unknown;
  options: CheckedParMapOptions;
  lanes: number;
  isInline: boolean;
  engine: CallEngine;
  isOrdered: boolean;
  /** Begins its call, where that is a call. */
  open: () => CallHost;
  /** Results came in: from none to many. */
  onSettled: () => void;
  /** All its chunks have begun: the next window may. */
  onDrained: () => void;
}

/** Some neighbouring items of a stream, with a snapshot of their own. */
export class Window<T> {
  readonly #parts: WindowParts<T>;
  readonly #results: FreshResults;
  #call: ForkedCall | undefined;
  #next = 0;

  constructor(parts: WindowParts<T>) {
    this.#parts = parts;
    this.#results = new FreshResults(parts.items.length, parts.options.settle);
  }

  get length(): number {
    return this.#parts.items.length;
  }

  get done(): number {
    return this.#results.done;
  }

  get failed(): number {
    return this.#results.failed;
  }

  /** Children at work now. */
  get running(): number {
    return this.#call?.running ?? 0;
  }

  /** All results were taken. */
  get isTaken(): boolean {
    return this.#next === this.#parts.items.length;
  }

  async run(): Promise<void> {
    const { items, offset, fn, options, lanes, isInline, engine, open, onSettled, onDrained } = this.#parts;
    const host = open();
    if (isInline) {
      const into = { results: this.#results, firstIndex: offset };
      try {
        await mapInline(items, (item, index) => fn(item, offset + index), options, into);
      } finally {
        onSettled();
        host.close();
      }
      return;
    }
    this.#call = new ForkedCall({
      verb: 'parStream',
      length: items.length,
      invoke: made(mapItem, asList(items), fn as never, offset),
      reads: (range) => [{ list: items, ...range }],
      engine,
      firstIndex: offset,
      ledger: this.#results,
      host,
      options,
      lanes,
      place: ({ start, end }) => ({ start: start + offset, end: end + offset }),
      onDrained,
      onSettled,
    });
    await this.#call.run();
  }

  stop(): void {
    this.#call?.stop('enough');
  }

  /** The results that came since the last time: all of them, or, in order, those up to the first that is missing. */
  take(): unknown[] {
    const fresh = this.#parts.isOrdered ? this.#takeInOrder() : this.#results.takeFresh();
    this.#next += fresh.length;
    return fresh;
  }

  #takeInOrder(): unknown[] {
    let end = this.#next;
    while (this.#results.hasResult(end)) end++;
    return this.#results.values.slice(this.#next, end);
  }
}

/** Results of which those can be taken that came since the last time. A failure that ends the stream is none. */
class FreshResults extends Results<unknown> {
  readonly #keepsFailures: boolean;
  readonly #hasResult: Uint8Array;
  #fresh: number[] = [];

  constructor(items: number, keepsFailures: boolean) {
    super(items, keepsFailures);
    this.#keepsFailures = keepsFailures;
    this.#hasResult = new Uint8Array(items);
  }

  override fulfilMany(first: number, values: unknown[]): void {
    for (let index = first; index < first + values.length; index++) this.#note(index);
    super.fulfilMany(first, values);
  }

  override fulfilPlain(first: number, end: number, sheet: Float64Array | undefined): void {
    for (let index = first; index < end; index++) this.#note(index);
    super.fulfilPlain(first, end, sheet);
  }

  override fulfil(index: number, value: unknown): void {
    this.#note(index);
    super.fulfil(index, value);
  }

  override reject(index: number, error: unknown): void {
    if (this.#keepsFailures) this.#note(index);
    super.reject(index, error);
  }

  hasResult(index: number): boolean {
    return this.#hasResult[index] === 1;
  }

  takeFresh(): unknown[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh.map((index) => this.values[index]);
  }

  #note(index: number): void {
    if (this.isSettled(index) || this.#hasResult[index]) return;
    this.#hasResult[index] = 1;
    this.#fresh.push(index);
  }
}

/** A stream's options for one of its windows: what is about the whole of it is left out. */
export function windowOptions(options: CheckedParMapOptions): CheckedParMapOptions {
  return { ...options, signal: undefined, timeout: undefined, onProgress: undefined };
}
