import { createHistogram } from 'node:perf_hooks';

/** Milliseconds: half of all took no longer than `p50`, 95 of a hundred no longer than `p95`, all but one than `p99`. */
export interface KeptTimes {
  p50: number;
  p95: number;
  p99: number;
}

/** What a kept function has done since `keep`, and what it holds now. */
export interface KeptStats {
  /** Calls that wait for a child. */
  queued: number;
  /** Calls that a child is at. */
  running: number;
  /** Calls that came to an end, failures among them. */
  done: number;
  /** Calls that were rejected. */
  failed: number;
  /** Children that had to be replaced: they died, were killed, had made `maxCalls`, or took too much memory. */
  replaced: number;
  /** Children that are there now. */
  children: number;
  /** How long calls waited for a child. */
  waitingMs: KeptTimes;
  /** How long children were at a call. */
  runningMs: KeptTimes;
  /** Milliseconds since the state that calls see was frozen: by `keep`, or the last `refresh`. */
  age: number;
  /** Bytes of memory that are frozen with it: so much it takes when the origin has changed all it has. */
  memory: number;
}

type Counted = Pick<KeptStats, 'done' | 'failed' | 'replaced' | 'waitingMs' | 'runningMs'>;

const NS_PER_MS = 1e6;

/** Counts for `Kept.stats()`. */
export class KeptMeter {
  readonly #waitingNs = createHistogram();
  readonly #runningNs = createHistogram();
  done = 0;
  failed = 0;
  replaced = 0;

  began(waitedMs: number): void {
    this.#waitingNs.record(asNs(waitedMs));
  }

  ended(ranMs: number): void {
    this.#runningNs.record(asNs(ranMs));
  }

  read(): Counted {
    const { done, failed, replaced } = this;
    return {
      ...{ done, failed, replaced },
      waitingMs: times(this.#waitingNs),
      runningMs: times(this.#runningNs),
    };
  }
}

/** A histogram takes whole numbers from 1 up. */
function asNs(ms: number): number {
  return Math.max(1, Math.round(ms * NS_PER_MS));
}

function times(histogram: ReturnType<typeof createHistogram>): KeptTimes {
  const at = (percentile: number) =>
    histogram.count === 0 ? 0 : histogram.percentile(percentile) / NS_PER_MS;
  return { p50: at(50), p95: at(95), p99: at(99) };
}
