import { type ForkError, type FrameSink, PROTOCOL, readingFrames, readSpill } from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/native';
import type { ChunkQueue, Range } from '../call/chunks.js';
import type { CheckedParMapOptions } from '../options.js';
import type { CallHost } from '../pool/host.js';
import { inTurns } from './in-turns.js';
import { ItemErrors } from './item-errors.js';
import type { Ledger } from './ledger.js';

/** How often what did not execute is tried again, uncounted, before its error stands. */
const MAX_REFUSALS = 8;
const FIRST_PAUSE_MS = 5;
const RETRIED_ERRNOS = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE', 'ENOBUFS']);

interface Parts {
  ledger: Ledger;
  queue: ChunkQueue;
  options: CheckedParMapOptions;
  host: CallHost;
  /** Where children put results that are numbers. */
  sheet: () => Float64Array | undefined;
  /** Ends the call, which no item can go on with. */
  fail: (error: unknown) => void;
  /** Which of the caller's items are meant by a range. Default: the same. */
  place?: ((range: Range) => Range) | undefined;
}

/** What the end of a chunk means for each of its items: settles every item exactly once, or puts it back in the queue. */
export class Supervisor {
  readonly #ledger: Ledger;
  readonly #queue: ChunkQueue;
  readonly #options: CheckedParMapOptions;
  readonly #host: CallHost;
  readonly #sheet: Parts['sheet'];
  readonly #fail: Parts['fail'];
  readonly #deaths = new Map<number, number>();
  /** What an item came to that is being tried again. */
  readonly #lastDeaths = new Map<number, ForkError>();
  readonly #errors: ItemErrors;
  #refusals = 0;
  #pauseMs = 0;
  /** What had begun of the chunks that were at work when the call was stopped. */
  readonly #begun: Range[] = [];
  /** The call was stopped: what is not settled by a frame stays open. */
  isStopped = false;

  constructor({ ledger, queue, options, host, sheet, fail, place }: Parts) {
    this.#ledger = ledger;
    this.#queue = queue;
    this.#options = options;
    this.#host = host;
    this.#sheet = sheet;
    this.#fail = fail;
    this.#errors = new ItemErrors(options, place);
  }

  /**
   * Decodes what the child of the range has sent, a few ms at a time.
   * @returns how long that took, in ms, without what was done in between
   */
  async settleChunk(outcome: Outcome, range: Range): Promise<number> {
    const decodeMs = await inTurns(this.#readingFrames(outcome, range));
    const beganMs = performance.now();
    this.#settleRest(outcome, range);
    return decodeMs + performance.now() - beganMs;
  }

  /** What its frames do not tell. */
  #settleRest(outcome: Outcome, range: Range): void {
    if (!this.#ledger.restOf) this.#readNotes(outcome, range);
    const { ending } = PROTOCOL;
    if (outcome.ending === ending.aborted || this.isStopped) {
      this.#begun.push({ start: range.start, end: Math.min(outcome.begun, range.end) });
      return;
    }
    const isUnbegun = outcome.ending === ending.notForked || outcome.ending === ending.snapshotGone;
    if (isUnbegun && outcome.pid === 0) {
      this.#settleRefused(outcome, range);
      return;
    }
    this.#refusals = 0;
    this.#settleMissing(outcome, range);
  }

  /** Whoever drove the chunk is gone, and with it all that its child had sent. */
  settleUndriven(range: Range, cause: unknown): void {
    if (this.isStopped) return;
    this.#rejectAll(range, (index) => this.#errors.undriven(index, range, cause));
  }

  /** One item could not be sent to where it would have run; the others of its chunk go on without it. */
  settleUnsendable(range: Range, { index, error }: { index: number; error: unknown }): void {
    if (this.isStopped) return;
    this.#ledger.reject(index, this.#errors.unsendable(index, range, error));
    if (this.#ledger.restOf) return;
    this.#queue.putBack({ start: range.start, end: index });
    this.#queue.putBack({ start: index + 1, end: range.end });
  }

  /** What an item came to that was not settled when the call was halted. */
  halted(index: number): unknown {
    return this.#errors.halted(
      index,
      this.#begun.some(({ start, end }) => index >= start && index < end),
    );
  }

  /** How long to wait before the next fork, once. */
  takePauseMs(): number {
    const pauseMs = this.#pauseMs;
    this.#pauseMs = 0;
    return pauseMs;
  }

  #readingFrames(outcome: Outcome, range: Range): Generator<void> {
    const { codec, types } = this.#options;
    return readingFrames(
      outcome,
      { codec, ...(types && { types }) },
      {
        results: (first, values) => this.#ledger.fulfilMany(first, values),
        ...(outcome.reason === PROTOCOL.reason.warm ? this.#ofWarm() : this.#ofItems(outcome, range)),
        undecodable: (first, count, cause) =>
          this.#rejectAll({ start: first, end: first + count }, (index) =>
            this.#errors.undecodable(index, range, cause),
          ),
        ...(this.#sheet() && {
          plain: (first, end, isNumbers) => this.#fulfilPlain(first, end, isNumbers),
        }),
        ...(this.#ledger.addSegment && { segment: (segment) => this.#ledger.addSegment?.(segment) }),
      },
    );
  }

  #ofItems(outcome: Outcome, range: Range): Pick<FrameSink, 'thrown' | 'failed'> {
    return {
      thrown: (index, error) => this.#ledger.reject(index, error),
      failed: (index, payload) =>
        this.#ledger.reject(index, this.#errors.failed(index, range, payload, outcome.pid)),
    };
  }

  /** No item is to be blamed. */
  #ofWarm(): Pick<FrameSink, 'thrown' | 'failed'> {
    return {
      thrown: (_index, error) => this.#fail(error),
      failed: (_index, payload) => this.#fail(this.#errors.ofCall(payload)),
    };
  }

  #fulfilPlain(first: number, end: number, isNumbers: boolean): void {
    this.#ledger.fulfilPlain?.(first, end, isNumbers ? this.#sheet() : undefined);
  }

  /** Results that a child has noted and not sent: those of its last run, and what it had not come to when it died. */
  #readNotes(outcome: Outcome, range: Range): void {
    const { codec, types } = this.#options;
    const { runKind, runFirst = range.start, done } = outcome;
    const runEnd = Math.min(done, range.end);
    if (runKind && this.#sheet() && runFirst >= range.start && runFirst < runEnd)
      this.#fulfilPlain(runFirst, runEnd, runKind === PROTOCOL.frame.numbers);
    readSpill(outcome, { codec, ...(types && { types }) }, (index, value) => {
      if (index >= range.start && index < range.end) this.#ledger.fulfilMany(index, [value]);
    });
  }

  /** Nothing was forked: tried again after a while, or the whole chunk fails, and is safe to retry. */
  #settleRefused(outcome: Outcome, range: Range): void {
    const { code } = (this.#errors.ended(outcome, range, range.start)?.cause ?? {}) as { code?: string };
    const isQuiesce = outcome.error?.syscall === 'quiesce';
    if ((isQuiesce || RETRIED_ERRNOS.has(code ?? '')) && this.#refusals < MAX_REFUSALS) {
      this.#pauseMs = FIRST_PAUSE_MS * 2 ** this.#refusals;
      this.#refusals += 1;
      this.#queue.putBack(range);
      return;
    }
    // WHY not always: what has begun once may have done anything, whatever became of the next try.
    this.#rejectAll(
      range,
      (index) => this.#lastDeaths.get(index) ?? this.#errors.ended(outcome, range, index),
    );
  }

  /** WHY only the first where children gather: it is one failure for all of them, and they may be millions. */
  #rejectAll({ start, end }: Range, errorFor: (index: number) => unknown): void {
    const last = this.#ledger.restOf ? start + 1 : end;
    for (let index = start; index < last; index++) this.#ledger.reject(index, errorFor(index));
  }

  /** A child ended before all its items were settled: those that had begun fail, those that had not go on. */
  #settleMissing(outcome: Outcome, range: Range): void {
    if (this.#ledger.restOf) {
      const rest = this.#ledger.restOf(range);
      if (!outcome.isWhole) this.#settleCutShort(outcome, rest, range);
      // What the child has left to others.
      else this.#queue.putBack({ start: Math.max(rest.start, outcome.begun), end: rest.end });
      return;
    }
    // WHY: a child that ends its chunk at a failure lets go of what else is in flight; that did not fail, and must not
    // stand before what did.
    if (outcome.isWhole && this.#ledger.failed > 0 && !this.#options.settle) return;
    const begunEnd = Math.max(range.start, Math.min(outcome.begun, range.end));
    const missing: number[] = [];
    for (let index = range.start; index < begunEnd; index++) {
      if (!this.#ledger.isSettled(index)) missing.push(index);
    }
    // WHY: one item at work is the last that began; what else is missing had finished, and was lost with the child.
    const culprit =
      outcome.begun - outcome.done === 1 && missing.at(-1) === begunEnd - 1 ? begunEnd - 1 : undefined;
    for (const index of missing) {
      const wasLost = culprit !== undefined && index !== culprit;
      if (wasLost && !this.#options.settle && this.#options.retries === 0) continue;
      this.#settleDied(outcome, range, index, wasLost ? culprit : undefined);
    }
    if (this.#ledger.failed > 0 && !this.#options.settle) return;
    let start = begunEnd;
    if (begunEnd === range.start && !outcome.isWhole) {
      // WHY: it died before its first item began; that item fails, or a child that always dies would be forked for ever.
      while (start < range.end && this.#ledger.isSettled(start)) start++;
      if (start < range.end) this.#settleDied(outcome, range, start++);
    }
    this.#queue.putBack({ start, end: range.end });
  }

  /** A child that gathers ended early: what it had gathered and not sent is lost, and has to be gathered again. */
  #settleCutShort(outcome: Outcome, rest: Range, range: Range): void {
    if (rest.start >= rest.end || this.#ledger.failed > 0) return;
    const begunEnd = Math.max(rest.start + 1, Math.min(outcome.begun, rest.end));
    const first = Math.max(rest.start, Math.min(outcome.done, begunEnd - 1));
    for (let index = first; index < begunEnd; index++) {
      const death = this.#errors.died(outcome, range, index);
      if (this.#mayRetry(index)) this.#lastDeaths.set(index, death);
      else this.#ledger.reject(index, death);
    }
    if (this.#ledger.failed === 0) this.#queue.putBack(rest);
  }

  /** @param culprit where the item had finished: the one that its child died of, before the result was sent */
  #settleDied(outcome: Outcome, range: Range, index: number, culprit?: number): void {
    const death = this.#errors.died(outcome, range, index, culprit);
    if (this.#mayRetry(index)) {
      this.#lastDeaths.set(index, death);
      this.#queue.putBack({ start: index, end: index + 1 });
    } else {
      this.#ledger.reject(index, death);
    }
  }

  /** Counts a death of the item. */
  #mayRetry(index: number): boolean {
    const deaths = (this.#deaths.get(index) ?? 0) + 1;
    this.#deaths.set(index, deaths);
    const isRetried = deaths <= this.#options.retries;
    this.#host.sawDeath(isRetried);
    return isRetried;
  }
}
