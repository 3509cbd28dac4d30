import type { KeptStats } from './kept-stats.js';
import type { KeptRunOptions } from './options.js';

/** What `keep` gives: a function whose calls run in children that are kept for it. */
export interface Kept<A extends unknown[], R> extends AsyncDisposable {
  /** Calls the function in a child. Arguments and result travel by codec. */
  (...args: A): Promise<Awaited<R>>;
  /**
   * Calls it, with options for this call.
   * @throws (rejects with) what the function threw; `signal.reason`; a `ForkError`: `ERR_FORKMAP_TIMEOUT` over `timeout` or
   *   `itemTimeout`, `ERR_FORKMAP_QUEUE_FULL`, `ERR_FORKMAP_SERIALIZE_INPUT` for arguments that cannot be sent, what its
   *   child died of. Where `error.effect` is `CallableDidNotExecute`, it can be called again safely.
   */
  run(args: A, options?: KeptRunOptions): Promise<Awaited<R>>;
  /**
   * Freezes the present state anew. Calls go on meanwhile in the old children, and all that are begun once this has resolved
   * see the new state. Where it fails, the old children stay.
   */
  refresh(): Promise<void>;
  /** What it has done, and what it holds. */
  stats(): KeptStats;
  /** Calls that wait for a child. */
  readonly queueSize: number;
  /** Takes no more calls; resolves when those that were made are over and nothing is left. Again: the same. */
  close(): Promise<void>;
}
