import { createHistogram } from 'node:perf_hooks';
import type { Outcome } from '@forkmap/native';

/** Half of all took no longer than `p50`, all but one in a hundred no longer than `p99`; milliseconds. */
export interface Percentiles {
  p50: number;
  p99: number;
}

/** What a pool has done since it was made. */
export interface PoolStats {
  /** Calls begun, inline ones included. */
  calls: number;
  /** Calls that are not over yet. */
  running: number;
  /** Chunks that came back, whole or not. */
  chunks: number;
  /** Children forked. */
  forks: number;
  /** Items tried again because their child died. */
  retries: number;
  /** Items whose child died, each time. */
  deaths: number;
  /** Bytes of frames that children sent. */
  bytes: number;
  /** Time of a fork. */
  forkMs: Percentiles;
  /** Time of a chunk, from its fork until its child was reaped. */
  chunkMs: Percentiles;
}

const NS_PER_MS = 1e6;

/** Counts for `Pool.stats()`. */
export class StatsMeter {
  readonly #forkNs = createHistogram();
  readonly #chunkNs = createHistogram();
  calls = 0;
  running = 0;
  #chunks = 0;
  #forks = 0;
  #retries = 0;
  #deaths = 0;
  #bytes = 0;

  saw(outcome: Outcome): void {
    this.#chunks += 1;
    this.#bytes += outcome.frames?.byteLength ?? 0;
    if (outcome.pid === 0) return;
    this.#chunkNs.record(asNs(outcome.endedMs - outcome.forkedMs));
    // A child that is kept for several chunks was forked for the first of them.
    if (outcome.forkMs === 0) return;
    this.#forks += 1;
    this.#forkNs.record(asNs(outcome.forkMs));
  }

  sawDeath(isRetried: boolean): void {
    this.#deaths += 1;
    if (isRetried) this.#retries += 1;
  }

  read(): PoolStats {
    return {
      calls: this.calls,
      running: this.running,
      chunks: this.#chunks,
      forks: this.#forks,
      retries: this.#retries,
      deaths: this.#deaths,
      bytes: this.#bytes,
      forkMs: percentiles(this.#forkNs),
      chunkMs: percentiles(this.#chunkNs),
    };
  }
}

/** A histogram takes whole numbers from 1 up. */
function asNs(ms: number): number {
  return Math.max(1, Math.round(ms * NS_PER_MS));
}

function percentiles(histogram: ReturnType<typeof createHistogram>): Percentiles {
  if (histogram.count === 0) return { p50: 0, p99: 0 };
  return { p50: histogram.percentile(50) / NS_PER_MS, p99: histogram.percentile(99) / NS_PER_MS };
}
