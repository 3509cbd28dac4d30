import { CallTracer, has, holdSignals, isTraced, throwIfAborted } from '@forkmap/core/internal';
import type { Engine } from '../engine/engine.js';
import { engineFor } from '../engine/engine-for.js';
import { PAR_MAP_DEFAULTS, type ParMapOptions } from '../options.js';
import { loadTasks, loadTasksNow } from '../recipe/describe.js';
import { Supervisor } from '../settle/supervise.js';
import { Explainer, tellExplanation } from '../trace/explain.js';
import { BoardView } from './board-view.js';
import type { CallParts } from './call-parts.js';
import { CallState, type StopReason } from './call-state.js';
import type { Range } from './chunks.js';
import { type Cut, cutOf } from './cut.js';
import { ProgressMeter } from './progress.js';
import { Scheduler } from './scheduler.js';
import { notForked, watchStops } from './stops.js';

/** A child takes so long to be born, and to come to its first items. */
const ROOM_MS = 10;

/** One call over children, forked or spawned. `CallState` says in which order what happens, `Scheduler` which chunk runs when. */
export class ForkedCall {
  readonly #parts: CallParts;
  readonly #state = new CallState();
  readonly #cut: Cut;
  readonly #engine: Engine;
  readonly #scheduler: Scheduler;
  readonly #supervisor: Supervisor;
  readonly #progress: ProgressMeter | undefined;
  #trace: CallTracer | undefined;
  #hasAwaited = false;
  /** From `open` until all children are told to end. */
  #board: BoardView | undefined;

  constructor(parts: CallParts) {
    const { verb, length, lanes, ledger, options, place, host, isHeld, onDrained } = parts;
    this.#parts = parts;
    this.#cut = cutOf(parts);
    this.#engine = engineFor(parts, this.#cut);
    this.#scheduler = new Scheduler({
      ...{ verb, length, lanes, options, isHeld, onDrained },
      cut: this.#cut,
      neededEnd: () => ledger.neededEnd,
      run: (range) => this.#runRange(range),
      fail: (error) => this.stop({ error }),
    });
    this.#supervisor = new Supervisor({
      ...{ ledger, options, place, host },
      queue: this.#scheduler.queue,
      sheet: () => this.#engine.sheet,
      fail: (error) => this.stop({ error }),
    });
    this.#progress = options.onProgress && this.#meter(options.onProgress);
  }

  /** Resolves when the ledger has what is needed; rejects with the first failure, or what stopped the call. */
  run(): Promise<void> {
    const { options, host } = this.#parts;
    const release = holdSignals(options.blockSignals);
    const { explain } = options;
    const running = explain || isTraced() ? this.#runTraced(explain) : this.#run();
    return running.finally(() => {
      this.#state.enter('closed');
      release?.();
      host.close();
    });
  }

  /** Children at work now. */
  get running(): number {
    return this.#scheduler.running;
  }

  /** To be called when results are taken again after `isHeld` was true. */
  resume(): void {
    this.#scheduler.resume();
  }

  /** Ends the call early: with an error, or well, with what is known. */
  stop(reason: StopReason): void {
    if (!this.#state.stop(reason)) return;
    this.#supervisor.isStopped = true;
    this.#parts.host.leave();
    // WHY not where all is done: kept children are to leave by themselves, with what they have left to do.
    if (reason !== 'enough' || !this.#scheduler.isIdle) this.#engine.cancel();
    this.#scheduler.stop();
  }

  #meter(tell: NonNullable<ParMapOptions['onProgress']>): ProgressMeter {
    const { ledger, length, known = { items: 0, failed: 0 } } = this.#parts;
    return new ProgressMeter(tell, {
      total: () => known.items + length,
      counts: () => ({
        done: known.items + ledger.done,
        failed: known.failed + ledger.failed,
        running: this.running,
      }),
      fromJournal: () => known.items,
      atWork: () => this.#board?.itemsDone() ?? 0,
      fail: (error) => this.stop({ error }),
    });
  }

  async #runTraced(explain: ParMapOptions['explain']): Promise<void> {
    const { verb, length: items, options } = this.#parts;
    const explainer = explain ? new Explainer() : undefined;
    const trace = new CallTracer({ verb, name: options.name, items, lanes: this.#cut.lanes }, explainer);
    this.#trace = trace;
    try {
      await trace.run(() => this.#run());
    } finally {
      if (explain && explainer) tellExplanation(explain, explainer.explain(trace.call, this.#seen()));
    }
  }

  #seen() {
    const { length, options } = this.#parts;
    const { concurrency } = options;
    const isUnused = !this.#hasAwaited && concurrency !== PAR_MAP_DEFAULTS.concurrency;
    return {
      bestChunk: this.#scheduler.pacer.best(length),
      unusedConcurrency: isUnused ? concurrency : undefined,
    };
  }

  async #run(): Promise<void> {
    const { gathering, invoke, options } = this.#parts;
    const functions = [gathering ?? invoke, options.setup, options.teardown, options.warm];
    const loading = this.#engine.isForking ? loadTasks(...functions) : loadTasksNow(...functions);
    // WHY not always: a call of closures begins at once.
    if (loading) await loading;
    const board = this.#engine.open();
    this.#state.enter('open');
    this.#scheduler.open(board);
    this.#board = new BoardView(board, this.#cut.lanes);
    this.#progress?.start();
    try {
      await this.#runOpen();
      this.#finish();
    } finally {
      this.#progress?.finish();
    }
  }

  async #runOpen(): Promise<void> {
    const { ledger } = this.#parts;
    const release = this.#listen();
    let roomTimer: NodeJS.Timeout | undefined;
    try {
      await this.#prepare();
      this.#state.enter('running');
      roomTimer = setTimeout(() => ledger.makeRoom?.(this.#board?.hasNumbers() === true), ROOM_MS);
      await this.#scheduler.drain();
    } finally {
      this.#state.enter('closing');
      release();
      clearTimeout(roomTimer);
      this.#endChildren();
      await this.#engine.close();
    }
  }

  #listen(): () => void {
    const { options, verb } = this.#parts;
    return watchStops({
      options,
      verb,
      onAbort: (error) => this.stop({ error }),
      onTimeout: (error) => this.stop({ error, isTimeout: true }),
    });
  }

  async #prepare(): Promise<void> {
    const prepare = () => this.#engine.prepare();
    const trace = this.#engine.isForking ? this.#trace : undefined;
    const ready = await (trace?.snapshot(prepare) ?? prepare());
    if (has(ready, 'errno')) throw notForked(ready, this.#parts.verb);
  }

  /** One chunk, from a free lane until its items are settled or put back. */
  async #runRange(range: Range): Promise<{ pauseMs: number }> {
    const { host, ledger, onSettled } = this.#parts;
    const release = await host.acquire();
    try {
      if (this.#state.stopReason || range.start >= ledger.neededEnd) return { pauseMs: 0 };
      await this.#driveRange(range);
      this.#scheduler.settled(range);
    } finally {
      release();
    }
    this.#progress?.tick();
    onSettled?.();
    this.#look();
    return { pauseMs: this.#supervisor.takePauseMs() };
  }

  async #driveRange(range: Range): Promise<void> {
    const { host, place } = this.#parts;
    const beganMs = performance.now();
    const trace = this.#trace?.beginChunk(place?.(range) ?? range);
    const driven = await this.#engine.drive(range);
    this.#scheduler.returned(range, driven);
    // WHY before its results are taken in: see `inTurns`.
    if (this.#scheduler.isDrained) this.#endChildren();
    if (has(driven, 'undriven')) {
      trace?.failed(driven.undriven);
      this.#supervisor.settleUndriven(range, driven.undriven);
    } else if (has(driven, 'unsendable')) {
      trace?.failed(driven.unsendable.error);
      this.#supervisor.settleUnsendable(range, driven.unsendable);
    } else {
      trace?.returned(driven);
      this.#hasAwaited ||= driven.hasAwaited === true;
      this.#scheduler.timed(driven, range, performance.now() - beganMs);
      host.saw(driven);
      const decodeMs = await this.#supervisor.settleChunk(driven, range);
      trace?.settled(decodeMs);
    }
  }

  /** Nothing more is to be driven. May be called again. */
  #endChildren(): void {
    this.#engine.endChildren();
    this.#scheduler.close();
    // WHY: the board may be another call's soon.
    this.#board = undefined;
  }

  /** Whether what is known now ends the call, or makes it shorter. */
  #look(): void {
    const { ledger, options, isHalted } = this.#parts;
    const { firstFailure, isEnough, neededEnd, mayStop } = ledger;
    this.#scheduler.queue.truncate(neededEnd);
    const isFailed = firstFailure && !options.settle && firstFailure.index < neededEnd;
    // WHY not at once where items may be over earlier: one before the failed item may still make that one too many.
    if (isFailed && !(mayStop && this.#scheduler.isPendingBefore(firstFailure.index))) {
      this.stop({ error: firstFailure.error });
    } else if (isEnough) {
      ledger.complete();
      this.stop('enough');
    } else if (isHalted?.()) {
      this.stop({ error: undefined, isHalt: true });
    }
  }

  #finish(): void {
    const { options, ledger } = this.#parts;
    const { settle, signal } = options;
    const { firstFailure, mayStop } = ledger;
    const { stopReason } = this.#state;
    throwIfAborted(signal);
    const error = stopReason === 'enough' ? undefined : stopReason;
    if (settle && error?.isTimeout) ledger.rejectRest(() => error.error);
    else if (error?.isHalt) ledger.rejectRest((index) => this.#supervisor.halted(index));
    // WHY not always: a failure that was held back when it was enough is one of an item that is not needed.
    else if (stopReason === 'enough' && mayStop) return;
    else if (firstFailure && !settle) throw firstFailure.error;
    else if (error) throw error.error;
  }
}
