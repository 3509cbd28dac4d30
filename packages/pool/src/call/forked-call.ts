import { CallTracer, type ForkError, holdSignals, isTraced, toldItems } from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/native';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Driven, Engine } from '../engine/engine.js';
import { engineFor } from '../engine/engine-for.js';
import type { CheckedParMapOptions, ParMapOptions } from '../options.js';
import type { CallHost } from '../pool/host.js';
import { loadTasks, loadTasksNow } from '../recipe/describe.js';
import type { Ledger } from '../settle/ledger.js';
import { Supervisor } from '../settle/supervise.js';
import { Explainer, tellExplanation } from '../trace/explain.js';
import { BoardView } from './board-view.js';
import type { CallParts } from './call-parts.js';
import { ChunkQueue, type Range } from './chunks.js';
import { Pacer } from './pacer.js';
import { ProgressMeter } from './progress.js';
import { Splitter } from './splitter.js';
import { notForked, watchStops } from './stops.js';
import { Throttle } from './throttle.js';
import { warnOfForking } from './warn-of-forking.js';

/** A child takes so long to be born, and to come to its first items. */
const ROOM_MS = 10;
/** How often a lane that has nothing to do looks whether a chunk is worth splitting by now. */
const SPLIT_LOOK_MS = 5;
/** What it costs to give a chunk to a child that lives. */
const TELLING_MS = 2;

/**
 * One call over children, forked or spawned:
 *
 *   open ──snapshot──▶ running ──all settled──▶ closing ──▶ closed
 *                         └──failure, abort, timeout──▶ stopping ──drivers back──▶ closing
 */
export class ForkedCall {
  readonly #options: CheckedParMapOptions;
  readonly #lanes: number;
  /** A lane's part of the items. */
  readonly #share: number;
  readonly #pacer: Pacer;
  readonly #queue: ChunkQueue;
  readonly #ledger: Ledger;
  readonly #supervisor: Supervisor;
  readonly #host: CallHost;
  readonly #verb: string;
  readonly #parts: CallParts;
  readonly #isHeld: (running: number) => boolean;
  readonly #limit: LimitFunction;
  readonly #throttle: Throttle;
  readonly #progress: ProgressMeter | undefined;
  readonly #engine: Engine;
  #trace: CallTracer | undefined;
  #stopReason: { error: unknown } | 'enough' | undefined;
  #timeoutError: ForkError | undefined;
  #idle: (() => void) | undefined;
  #board: BoardView | undefined;
  #splitter: Splitter | undefined;
  /** The ranges that lanes have, or are about to. */
  readonly #atWork = new Set<Range>();
  /** Those that are back, and being taken in. */
  readonly #settling = new Set<Range>();
  #splitLook: NodeJS.Timeout | undefined;

  constructor(parts: CallParts) {
    const { verb, length, ledger, options, lanes, host, place, isHeld } = parts;
    const { chunk } = options;
    const chunks = chunk === 'auto' ? length : Math.ceil(length / chunk);
    this.#verb = verb;
    this.#parts = parts;
    this.#options = options;
    this.#ledger = ledger;
    this.#host = host;
    this.#isHeld = isHeld ?? (() => false);
    this.#lanes = Math.min(lanes, chunks);
    this.#share = Math.ceil(length / this.#lanes);
    this.#pacer = new Pacer(length, this.#lanes);
    const cut =
      chunk === 'auto' ? { chunks: this.#lanes, chunkItems: this.#share } : { chunks, chunkItems: chunk };
    this.#engine = engineFor(parts, { lanes: this.#lanes, ...cut });
    this.#queue = new ChunkQueue(length, (left) => (chunk === 'auto' ? this.#autoItems(left) : chunk));
    this.#limit = pLimit(this.#lanes);
    this.#throttle = new Throttle(this.#limit, this.#lanes);
    this.#supervisor = new Supervisor({
      ...{ ledger, queue: this.#queue, options, place, host },
      sheet: () => this.#engine.sheet,
    });
    if (options.onProgress) {
      this.#progress = new ProgressMeter(options.onProgress, {
        total: () => length,
        counts: () => ({ done: ledger.done, failed: ledger.failed, running: this.#limit.activeCount }),
        atWork: () => this.#board?.itemsDone() ?? 0,
        fail: (error) => this.stop({ error }),
      });
    }
  }

  /** Resolves when the ledger has what is needed; rejects with the first failure, or what stopped the call. */
  run(): Promise<void> {
    const release = holdSignals(this.#options.blockSignals);
    const { explain } = this.#options;
    const running = explain || isTraced() ? this.#runTraced(explain) : this.#run();
    return running.finally(() => {
      release?.();
      this.#host.close();
    });
  }

  async #runTraced(explain: ParMapOptions['explain']): Promise<void> {
    const { verb, length: items, options } = this.#parts;
    const explainer = explain ? new Explainer() : undefined;
    const trace = new CallTracer({ verb, name: options.name, items, lanes: this.#lanes }, explainer);
    this.#trace = trace;
    try {
      await trace.run(() => this.#run());
    } finally {
      if (explain && explainer)
        tellExplanation(explain, explainer.explain(trace.call, this.#pacer.best(items)));
    }
  }

  async #run(): Promise<void> {
    const functions = [this.#parts.gathering ?? this.#parts.invoke, this.#options.setup];
    const loading = this.#engine.isForking ? loadTasks(...functions) : loadTasksNow(...functions);
    // WHY not always: a call of closures begins at once.
    if (loading) await loading;
    const board = this.#engine.open();
    if (this.#engine.isForking && this.#options.chunk === 'auto')
      this.#splitter = new Splitter(board, this.#lanes, this.#atWork);
    this.#board = new BoardView(board, this.#lanes);
    this.#progress?.start();
    try {
      await this.#runOpen();
      this.#finish();
    } finally {
      this.#progress?.finish();
    }
    const { chunk, isolation } = this.#options;
    if (this.#engine.isForking && chunk !== 'auto' && isolation === 'chunk')
      warnOfForking(this.#pacer.complaint(chunk));
  }

  async #runOpen(): Promise<void> {
    const release = this.#listen();
    let roomTimer: NodeJS.Timeout | undefined;
    try {
      await this.#prepare();
      roomTimer = setTimeout(() => this.#ledger.makeRoom?.(this.#board?.hasNumbers() === true), ROOM_MS);
      await this.#drainQueue();
    } finally {
      release();
      clearTimeout(roomTimer);
      clearTimeout(this.#splitLook);
      this.#endChildren();
      await this.#engine.close();
    }
  }

  /** Children at work now. */
  get running(): number {
    return this.#limit.activeCount;
  }

  /** To be called when results are taken again after `isHeld` was true. */
  resume(): void {
    if (this.#idle) this.#feed();
  }

  /** Ends the call early: with an error, or well, with what is known. */
  stop(reason: { error: unknown } | 'enough'): void {
    if (this.#stopReason) return;
    this.#stopReason = reason;
    this.#queue.clear();
    this.#supervisor.isStopped = true;
    this.#host.leave();
    this.#engine.cancel();
    this.#throttle.end();
    this.resume();
  }

  #listen(): () => void {
    return watchStops({
      options: this.#options,
      verb: this.#verb,
      onAbort: (reason) => this.stop({ error: reason }),
      onTimeout: (error) => {
        this.#timeoutError = error;
        this.stop({ error });
      },
    });
  }

  async #prepare(): Promise<void> {
    const prepare = () => this.#engine.prepare();
    const trace = this.#engine.isForking ? this.#trace : undefined;
    const ready = await (trace?.snapshot(prepare) ?? prepare());
    if ('errno' in ready) throw notForked(ready, this.#verb);
  }

  /** Resolves when every item is settled, or the call was stopped and every driver is back. */
  async #drainQueue(): Promise<void> {
    await new Promise<void>((idle) => {
      this.#idle = idle;
      this.#feed();
    });
  }

  #feed(): void {
    const { activeCount, pendingCount } = this.#limit;
    let begun = activeCount + pendingCount;
    while (!this.#stopReason && begun < this.#limit.concurrency && !this.#isHeld(begun)) {
      const range = this.#queue.take() ?? this.#split();
      if (!range) break;
      begun += 1;
      this.#atWork.add(range);
      void this.#limit(() => this.#driveRange(range)).then(
        () => this.#feed(),
        (error: unknown) => {
          this.stop({ error });
          this.#feed();
        },
      );
    }
    if (this.#queue.isEmpty) this.#parts.onDrained?.();
    if (begun === 0 && (this.#stopReason || this.#queue.isEmpty)) this.#idle?.();
  }

  /**
   * WHY the whole share at once where children are forked: what turns out to take too long is split while it runs. With
   * spawned ones no memory is shared, in which that could be agreed upon.
   */
  #autoItems(left: number): number {
    if (this.#engine.isForking) return this.#share;
    return this.#pacer.nextItems(left);
  }

  /** Items of a chunk that is at work, where it is worth it. Looks again in a while where it is not yet. */
  #split(): Range | undefined {
    if (!this.#splitter || this.#limit.activeCount === 0) return undefined;
    // WHY: a lane that has a child already is only to be told.
    const costMs = this.#options.isolation === 'lane' ? TELLING_MS : this.#pacer.forkMs;
    const range = this.#splitter.split(costMs, this.#ledger.neededEnd);
    if (!range) {
      this.#splitLook ??= setTimeout(() => {
        this.#splitLook = undefined;
        this.#feed();
      }, SPLIT_LOOK_MS);
    }
    return range;
  }

  async #driveRange(range: Range): Promise<void> {
    const release = await this.#host.acquire();
    try {
      if (this.#stopReason || range.start >= this.#ledger.neededEnd) return;
      const beganMs = performance.now();
      const trace = this.#trace?.beginChunk(this.#parts.place?.(range) ?? range);
      const driven = await this.#engine.drive(range);
      this.#settling.add(range);
      if (isComplete(driven, range)) this.#atWork.delete(range);
      // WHY before its results are taken in: see `inTurns`.
      if (this.#atWork.size === 0 && this.#queue.isEmpty) this.#endChildren();
      if ('undriven' in driven) {
        trace?.failed(driven.undriven);
        this.#supervisor.settleUndriven(range, driven.undriven);
      } else if ('unsendable' in driven) {
        trace?.failed(driven.unsendable.error);
        this.#supervisor.settleUnsendable(range, driven.unsendable);
      } else {
        trace?.returned(driven);
        this.#pace(driven, range, performance.now() - beganMs);
        this.#host.saw(driven);
        const decodeMs = await this.#supervisor.settleChunk(driven, range);
        trace?.settled(decodeMs);
      }
    } finally {
      this.#atWork.delete(range);
      this.#settling.delete(range);
      release();
    }
    this.#progress?.tick();
    this.#parts.onSettled?.();
    this.#look();
    await this.#throttle.settled(this.#supervisor.takePauseMs());
  }

  /** Nothing more is to be driven. May be called again. */
  #endChildren(): void {
    this.#engine.endChildren();
    // WHY: the board may be another call's soon.
    this.#board = undefined;
    this.#splitter = undefined;
  }

  #pace({ isWhole, workMs }: Outcome, { start, end }: Range, totalMs: number): void {
    if (isWhole && workMs > 0) this.#pacer.saw({ items: end - start, totalMs, workMs });
  }

  /** Whether what is known now ends the call, or makes it shorter. */
  #look(): void {
    const { firstFailure, isEnough, neededEnd } = this.#ledger;
    this.#queue.truncate(neededEnd);
    const isFailed = firstFailure && !this.#options.settle && firstFailure.index < neededEnd;
    if (isFailed && !this.#isHeldBack(firstFailure.index)) {
      this.stop({ error: firstFailure.error });
    } else if (isEnough) {
      this.#ledger.complete();
      this.stop('enough');
    }
  }

  /** Whether an item before the failed one may still be what makes it one too many. */
  #isHeldBack(index: number): boolean {
    if (!this.#ledger.mayStop) return false;
    this.#queue.truncate(index);
    return !this.#queue.isEmpty || [...this.#atWork, ...this.#settling].some(({ start }) => start < index);
  }

  #finish(): void {
    const { settle, signal } = this.#options;
    const { firstFailure } = this.#ledger;
    if (signal?.aborted) throw signal.reason;
    if (settle && this.#timeoutError) this.#ledger.rejectRest(() => this.#timeoutError);
    // WHY not always: a failure that was held back when it was enough is one of an item that is not needed.
    else if (this.#stopReason === 'enough' && this.#ledger.mayStop) return;
    else if (firstFailure && !settle) throw firstFailure.error;
    else if (this.#stopReason && this.#stopReason !== 'enough') throw this.#stopReason.error;
  }
}

/** Whether the chunk's child has sent something for each of its items. */
function isComplete(driven: Driven, { start, end }: Range): driven is Outcome {
  if (!('isWhole' in driven && driven.isWhole)) return false;
  return driven.begun >= end && driven.done >= end && toldItems(driven) >= end - start;
}
