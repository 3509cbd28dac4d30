import { encodeThrown, UnsendableError } from '../../codec/index.js';
import type { ForkErrorCode } from '../../errors/codes.js';
import type { ChildContext, ChildWork } from '../work.js';
import { encodeTimed } from './encode-timed.js';
import { explained } from './explained.js';
import { FrameOut } from './frame-out.js';

const GUESSED_RESULT_BYTES = 64;
const NUMBER_BYTES = 8;
/** An item that takes so long is worth being sent, or noted, by itself. */
export const SLOW_MS = 0.5;
const QUICK_MS = 0.25;
const MAX_CLOCK_STRIDE = 256;
const FLUSH_SHARE = 8;
const ITEMS_AFTER_UNSENDABLE = 16;
/** After so many objects in a row that were not noted, others like them are not tried. */
const UNNOTED_ITEMS = 16;

/** What a FAILED frame says: why an item's result cannot be returned. */
export interface FailedPayload {
  code: ForkErrorCode;
  message: string;
  /** Where in the result, for a message that needs the item's place before it. */
  path?: string;
  what?: string;
}

/** Where a chunk's items go when they are settled. */
export interface ItemSender {
  /** An item failed, or no more are wanted: the chunk may end here. */
  readonly hasFailed: boolean;
  /** Of the chunk, so far. */
  readonly sentBytes: number;
  begin(start: number): void;
  result(index: number, value: unknown): void;
  thrown(index: number, error: unknown): void;
  failed(index: number, payload: FailedPayload): void;
  /** Sends what is only worth something if the child leaves now. */
  flush(): void;
  /** No item follows: sends what is not sent yet. A promise where something is to be waited for first. */
  finish(start: number): void | PromiseLike<void>;
  /** The chunk is done. */
  end(start: number): void;
}

/**
 * Sends results as they come: in batches, because a batch is encoded faster than its parts, and no later than the
 * protocol's flush limits, so that what was finished is kept if the child dies.
 */
export class Sender implements ItemSender {
  readonly #context: ChildContext;
  readonly #work: ChildWork;
  readonly #out: FrameOut;
  /** INVARIANT: always the same array: a run goes on filling it where the function itself has it sent (`process.kill`). */
  readonly #values: unknown[] = [];
  /** Of the first value. The others follow it one by one, or else `#indices` has them all. */
  #first = 0;
  #indices: number[] | undefined;
  #bytes = 0;
  #bytesPerResult = GUESSED_RESULT_BYTES;
  #flushedAt = 0;
  /** How long results may wait that would be lost with the child: so long that sending them is a small part of the work. */
  #unsafeMs = SLOW_MS;
  #untilClock = 0;
  #clockStride = 1;
  #clockAt = 0;
  /** Objects in a row that came too quickly to be noted. */
  #unnoted = 0;
  /** An item failed while it was being sent: the chunk may have to end. */
  hasFailed = false;

  constructor(context: ChildContext, work: ChildWork) {
    this.#context = context;
    this.#work = work;
    this.#out = new FrameOut(context);
  }

  get sentBytes(): number {
    return this.#out.sentBytes;
  }

  begin(): void {
    this.hasFailed = false;
    this.#out.sentBytes = 0;
    this.#flushedAt = performance.now();
    this.#clockAt = this.#flushedAt;
    this.#context.spill?.begin();
  }

  result(index: number, value: unknown): void {
    const values = this.#values;
    if (values.length === 0) this.#first = index;
    else if (this.#indices || index !== this.#first + values.length) this.#indexAs(index);
    values.push(value);
    this.#bytes += typeof value === 'number' ? NUMBER_BYTES : sizeHint(value, this.#bytesPerResult);
    const { spill } = this.#context;
    const isSafe = spill === undefined || spill.note(index, value);
    this.#unnoted = isSafe || typeof value !== 'object' ? 0 : this.#unnoted + 1;
    if (isSafe) {
      // WHY not each time: to read the clock takes longer than many items do.
      if (--this.#untilClock <= 0) this.#lookAtClock();
    } else if (spill.isFull || performance.now() - this.#flushedAt >= this.#unsafeMs) {
      this.flush();
    }
    if (this.#bytes >= this.#context.protocol.frame.flushBytes) this.flush();
  }

  /** Results are objects that come too quickly for each to be noted. See `takeFrom`. */
  get isUnnoted(): boolean {
    return this.#unnoted >= UNNOTED_ITEMS;
  }

  /**
   * Where to put the results of neighbours, the first of them that of `index`: no more than `items`, and none after
   * `dueMs`. Then `took` must be called.
   */
  takeFrom(index: number): { values: unknown[]; dueMs: number; items: number } {
    if (this.#values.length > 0 && (this.#indices || index !== this.#first + this.#values.length))
      this.flush();
    if (this.#values.length === 0) this.#first = index;
    const items = Math.ceil((this.#context.protocol.frame.flushBytes - this.#bytes) / this.#bytesPerResult);
    return { values: this.#values, dueMs: this.#flushedAt + this.#unsafeMs, items: Math.max(1, items) };
  }

  /** @param taken what the items took, in all, and whether the last one was slow */
  took(items: number, { ms, isSlow }: { ms: number; isSlow: boolean }): void {
    const { spill, protocol } = this.#context;
    this.#bytes += items * this.#bytesPerResult;
    if (isSlow || spill?.isWorthNoting(ms / Math.max(1, items))) this.#unnoted = 0;
    const isDue = isSlow || performance.now() - this.#flushedAt >= this.#unsafeMs;
    if (isDue || this.#bytes >= protocol.frame.flushBytes) this.flush();
    spill?.begin();
  }

  #lookAtClock(): void {
    const now = performance.now();
    const isQuick = now - this.#clockAt < QUICK_MS;
    this.#clockStride = isQuick ? Math.min(MAX_CLOCK_STRIDE, this.#clockStride * 2) : 1;
    this.#untilClock = this.#clockStride;
    this.#clockAt = now;
    if (now - this.#flushedAt >= this.#context.protocol.frame.flushMs) this.flush();
  }

  #indexAs(index: number): void {
    this.#indices ??= this.#values.map((_, i) => this.#first + i);
    this.#indices.push(index);
  }

  thrown(index: number, error: unknown): void {
    this.flush();
    this.#out.write('thrown', index, 1, encodeThrown(explained(error), this.#work.codec));
    this.hasFailed = true;
  }

  failed(index: number, payload: FailedPayload): void {
    this.#out.failed(index, payload);
    this.hasFailed = true;
  }

  finish(): void {
    this.flush();
  }

  end(start: number): void {
    this.flush();
    this.#out.write('end', start, 0);
  }

  flush(): void {
    const beganAt = performance.now();
    const values = this.#values.slice();
    const indices = this.#indices;
    if (values.length > 0) {
      this.#values.length = 0;
      this.#first += values.length;
      this.#indices = undefined;
      this.#bytes = 0;
      if (!indices) {
        this.#batch(this.#first - values.length, values);
      } else {
        for (const [from, to] of runsOf(indices, values)) {
          this.#batch(indices[from] as number, values.slice(from, to));
        }
      }
    }
    this.#context.spill?.clear();
    this.#flushedAt = performance.now();
    this.#unsafeMs = Math.max(SLOW_MS, (this.#flushedAt - beganAt) * FLUSH_SHARE);
  }

  /** WHY a loop: of thousands of results, none may be sendable. */
  #batch(first: number, values: unknown[]): void {
    let most = values.length;
    for (let at = 0; at < values.length; ) {
      const part = at === 0 ? values : values.slice(at, at + most);
      const sent = this.#sendSome(first + at, part);
      // WHY few after one that could not be sent: the next may be another, and those after it are passed on for nothing.
      most = sent < part.length ? ITEMS_AFTER_UNSENDABLE : most * 2;
      at += sent;
    }
  }

  /** Sends them as one frame; where one of them cannot be sent, those before it, and why that is. Gives how many. */
  #sendSome(first: number, values: unknown[]): number {
    let payload: Uint8Array;
    try {
      payload = encodeTimed(this.#context, values, this.#work);
    } catch (error) {
      return this.#unsendable(first, values, error);
    }
    if (payload.byteLength > this.#work.maxResultBytes) {
      if (values.length > 1) {
        this.#halves(first, values);
        return values.length;
      }
      this.failed(first, {
        code: 'ERR_FORKMAP_RESULT_TOO_LARGE',
        message: `the encoded result has ${payload.byteLength} bytes, more than maxResultBytes (${this.#work.maxResultBytes})`,
      });
      return 1;
    }
    this.#bytesPerResult = payload.byteLength / values.length;
    this.#out.write('results', first, values.length, payload);
    return values.length;
  }

  /** The batch could not be encoded because of one of its results: the others are sent all the same. */
  #unsendable(first: number, values: unknown[], error: unknown): number {
    if (!(error instanceof UnsendableError) && values.length > 1) {
      this.#halves(first, values);
      return values.length;
    }
    const at = error instanceof UnsendableError ? error.index : 0;
    if (at > 0) this.#batch(first, values.slice(0, at));
    this.failed(first + at, {
      code: 'ERR_FORKMAP_SERIALIZE',
      message: messageOf(error),
      ...(error instanceof UnsendableError && { path: error.path, what: error.what + error.advice }),
    });
    return at + 1;
  }

  #halves(first: number, values: unknown[]): void {
    const middle = values.length >> 1;
    this.#batch(first, values.slice(0, middle));
    this.#batch(first + middle, values.slice(middle));
  }
}

/** Of a failure to encode a result, with what to do about it. */
export function messageOf(error: unknown): string {
  if (error instanceof UnsendableError) return error.message + error.advice;
  return error instanceof Error ? error.message : String(error);
}

/** A guess at what a result takes when encoded: only large ones matter. */
function sizeHint(value: unknown, otherwise: number): number {
  if (value === undefined) return 1;
  if (typeof value === 'string') return value.length + 8;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  return otherwise;
}

/** Runs of neighbouring indices, as ranges into both arrays, which are put in order first where they are not. */
function runsOf(indices: number[], values: unknown[]): [from: number, to: number][] {
  if (!isAscending(indices)) sortTogether(indices, values);
  const runs: [number, number][] = [];
  let from = 0;
  for (let i = 1; i <= indices.length; i++) {
    if (i < indices.length && indices[i] === (indices[i - 1] as number) + 1) continue;
    runs.push([from, i]);
    from = i;
  }
  return runs;
}

function isAscending(indices: number[]): boolean {
  for (let i = 1; i < indices.length; i++) {
    if ((indices[i] as number) < (indices[i - 1] as number)) return false;
  }
  return true;
}

function sortTogether(indices: number[], values: unknown[]): void {
  const order = indices.map((index, at) => ({ index, value: values[at] })).sort((a, b) => a.index - b.index);
  for (const [at, { index, value }] of order.entries()) {
    indices[at] = index;
    values[at] = value;
  }
}
