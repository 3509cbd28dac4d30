import { MapRun } from '../call/map-run.js';
import type { CallOptions } from '../pool/call-options.js';
import type { CallHost } from '../pool/host.js';
import { Results } from '../settle/results.js';
import type { Hearers } from '../settle/told.js';

export interface WindowParts<T> {
  items: T[];
  /** The place of the first item in the stream. */
  offset: number;
  fn: (item: T, index: number) => unknown;
  /** As of `windowCall`. */
  call: CallOptions;
  hearers: Hearers;
  /** So many items of the stream have failed that it is to end. */
  isHalted: (() => boolean) | undefined;
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
  #run: MapRun<T> | undefined;
  #isHalted = false;
  #next = 0;

  constructor(parts: WindowParts<T>) {
    this.#parts = parts;
    this.#results = new FreshResults(parts.items.length, parts.call.options.settle);
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

  /** Items that failed in this run of the program. */
  get failedNow(): number {
    return this.#run?.failed ?? 0;
  }

  /** Children at work now. */
  get running(): number {
    return this.#run?.running ?? 0;
  }

  /** All results were taken. */
  get isTaken(): boolean {
    return this.#next === this.#parts.items.length;
  }

  async run(): Promise<void> {
    const { items: list, offset, fn, call, open, onSettled, onDrained, hearers, isHalted } = this.#parts;
    const run = new MapRun<T>({
      ...{ verb: 'parStream', list, fn, call, offset, hearers, isHalted, onSettled, onDrained },
      results: this.#results,
      host: open(),
    });
    this.#run = run;
    if (this.#isHalted) run.halt();
    await run.run();
  }

  stop(): void {
    this.#run?.stop();
  }

  /** Begins no further item: the rest is rejected. */
  halt(): void {
    this.#isHalted = true;
    this.#run?.halt();
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

/** A stream's call for one of its windows: what is about the whole of it is left out. */
export function windowCall(call: CallOptions): CallOptions {
  const ofAll = { signal: undefined, timeout: undefined, onProgress: undefined };
  return { ...call, options: { ...call.options, ...ofAll } };
}
