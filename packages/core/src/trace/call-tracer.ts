import type { Outcome } from '@forkmap/native';
import { has } from '../check.js';
import { errorOfOutcome } from '../outcome.js';
import { PROTOCOL } from '../protocol.js';
import { channels, hasListeners } from './channels.js';
import type { CallTrace, ChunkTrace, SnapshotTrace } from './contexts.js';
import { listenAsEnvironmentSays } from './environment.js';

/** Whether calls that begin now are watched by anybody. The only cost of tracing while nobody does. */
export function isTraced(): boolean {
  listenAsEnvironmentSays();
  return hasListeners();
}

/** What is known of a call when it begins. */
export type TracedCall = Pick<CallTrace, 'verb' | 'name' | 'items' | 'lanes'>;

let lastId = 0;

/** Publishes what happens in one call. */
export class CallTracer {
  readonly call: CallTrace;
  /** Besides those who listen to the channel: told of every chunk when it is settled. */
  readonly #onChunk: ((chunk: ChunkTrace) => void) | undefined;
  readonly #onSnapshot: ((snapshot: SnapshotTrace) => void) | undefined;

  constructor(
    { verb, name, items, lanes }: TracedCall,
    observer: { chunk?(chunk: ChunkTrace): void; snapshot?(snapshot: SnapshotTrace): void } = {},
  ) {
    const startedAt = performance.now();
    this.call = { id: ++lastId, verb, name, items, lanes, startedAt, endedAt: undefined };
    this.#onChunk = observer.chunk?.bind(observer);
    this.#onSnapshot = observer.snapshot?.bind(observer);
  }

  /** Runs the call, and publishes its events as `TracingChannel.tracePromise` would. */
  async run<T>(run: () => Promise<T>): Promise<T> {
    const { call } = this;
    const promise = channels.call.start.runStores(call, run);
    channels.call.end.publish(call);
    try {
      return await promise;
    } catch (error) {
      call.error = error;
      channels.call.error.publish(call);
      throw error;
    } finally {
      call.endedAt = performance.now();
      channels.call.asyncStart.publish(call);
      channels.call.asyncEnd.publish(call);
    }
  }

  /** As `run`, for what blocks. */
  runSync<T>(run: () => T): T {
    const { call } = this;
    try {
      return channels.call.start.runStores(call, run);
    } catch (error) {
      call.error = error;
      channels.call.error.publish(call);
      throw error;
    } finally {
      call.endedAt = performance.now();
      channels.call.end.publish(call);
    }
  }

  async snapshot<T extends { pid: number; ms: number } | { errno: number }>(
    take: () => Promise<T>,
  ): Promise<T> {
    const timings = { askedAt: performance.now(), forkedAt: 0, forkMs: 0 };
    const trace: SnapshotTrace = { call: this.call, name: this.call.name, pid: 0, timings };
    channels.snapshot.start.publish(trace);
    channels.snapshot.end.publish(trace);
    const taken = await take();
    if (has(taken, 'pid')) {
      trace.pid = taken.pid;
      timings.forkMs = taken.ms;
      timings.forkedAt = performance.now() - taken.ms;
    } else {
      trace.error = taken;
      channels.snapshot.error.publish(trace);
    }
    channels.snapshot.asyncStart.publish(trace);
    channels.snapshot.asyncEnd.publish(trace);
    this.#onSnapshot?.(trace);
    return taken;
  }

  /** A chunk is handed to a driver. */
  beginChunk(range: { start: number; end: number }): ChunkTracer {
    return new ChunkTracer(this.call, range, { isSync: false, onSettled: this.#onChunk });
  }

  /** As `beginChunk`, on the caller's stack. */
  beginChunkSync(range: { start: number; end: number }): ChunkTracer {
    return new ChunkTracer(this.call, range, { isSync: true, onSettled: this.#onChunk });
  }
}

/** Publishes what happens to one chunk. */
export class ChunkTracer {
  readonly #trace: ChunkTrace;
  readonly #isSync: boolean;
  readonly #onSettled: ((chunk: ChunkTrace) => void) | undefined;
  #returnedAt = 0;

  constructor(
    call: CallTrace,
    { start, end }: { start: number; end: number },
    { isSync, onSettled }: { isSync: boolean; onSettled: ((chunk: ChunkTrace) => void) | undefined },
  ) {
    this.#isSync = isSync;
    this.#onSettled = onSettled;
    this.#trace = {
      call,
      name: call.name,
      start,
      end,
      pid: 0,
      lane: 0,
      bytes: 0,
      timings: {
        askedAt: performance.now(),
        forkedAt: 0,
        beganAt: 0,
        endedAt: 0,
        settledAt: 0,
        forkMs: 0,
        workMs: 0,
        encodeMs: 0,
        sendMs: 0,
        decodeMs: 0,
      },
      isAborted: false,
      stdout: undefined,
      stderr: undefined,
    };
    channels.chunk.start.publish(this.#trace);
    if (!isSync) channels.chunk.end.publish(this.#trace);
  }

  /** The child is gone, or kept; what it sent is not looked at yet. */
  returned(outcome: Outcome): void {
    const trace = this.#trace;
    const { timings } = trace;
    trace.pid = outcome.pid;
    trace.lane = outcome.lane;
    trace.bytes = outcome.frames?.byteLength ?? 0;
    trace.isAborted = outcome.ending === PROTOCOL.ending.aborted;
    trace.stdout = outcome.stdout;
    trace.stderr = outcome.stderr;
    trace.error = trace.isAborted ? undefined : this.#errorOf(outcome);
    if (outcome.pid > 0) {
      timings.forkedAt = onOurClock(outcome.forkedMs);
      timings.endedAt = onOurClock(outcome.endedMs);
      timings.forkMs = outcome.forkMs;
      timings.beganAt = outcome.beganMs;
      timings.encodeMs = outcome.encodeMs;
      timings.sendMs = outcome.sendMs;
      timings.workMs = Math.max(0, wholeWorkMs(outcome, timings.endedAt) - outcome.encodeMs - outcome.sendMs);
    }
    this.#returnedAt = performance.now();
  }

  /**
   * What it sent is decoded, and every item settled or put back.
   * @param decodeMs default: since it returned
   */
  settled(decodeMs?: number): void {
    const { timings } = this.#trace;
    timings.settledAt = performance.now();
    timings.decodeMs = decodeMs ?? timings.settledAt - this.#returnedAt;
    this.#publishEnd();
  }

  /** Its driver failed: nothing is known of it. */
  failed(error: unknown): void {
    this.#trace.error = error;
    this.#publishEnd();
  }

  #errorOf(outcome: Outcome): unknown {
    const { start, end } = this.#trace;
    return errorOfOutcome(outcome, { subject: `chunk [${start}, ${end})` });
  }

  #publishEnd(): void {
    const trace = this.#trace;
    if (trace.error !== undefined) channels.chunk.error.publish(trace);
    if (this.#isSync) {
      channels.chunk.end.publish(trace);
    } else {
      channels.chunk.asyncStart.publish(trace);
      channels.chunk.asyncEnd.publish(trace);
    }
    this.#onSettled?.(trace);
  }
}

/** A child that died says nothing of how long it worked. */
function wholeWorkMs({ workMs, beganMs }: Outcome, endedAt: number): number {
  if (workMs > 0 || beganMs === 0) return workMs;
  return Math.max(0, endedAt - beganMs);
}

const NS_PER_MS = 1e6;
let offsetMs: number | undefined;

/** From the clock of `process.hrtime()` to that of `performance.now()`. */
function onOurClock(ms: number): number {
  offsetMs ??= Number(process.hrtime.bigint()) / NS_PER_MS - performance.now();
  return ms - offsetMs;
}
