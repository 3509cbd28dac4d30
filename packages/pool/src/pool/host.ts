import type { Outcome } from '@forkmap/native';
import type { ParMapOptions } from '../options.js';

/** Whose lanes a call uses, and who counts what it does. One per call. */
export interface CallHost {
  /** Waits for a lane; gives back how to let go of it. Resolves at once after `leave`. */
  acquire(): Promise<() => void> | (() => void);
  /** As `acquire`, where that is possible at once. */
  tryAcquire(): (() => void) | undefined;
  /** The call has no more use for lanes: what waits for one waits no more. */
  leave(): void;
  /** A chunk came back from its driver. */
  saw(outcome: Outcome): void;
  /** A child died with an item, which is tried again or not. */
  sawDeath(isRetried: boolean): void;
  /** The call is over. */
  close(): void;
}

/** Where calls run: a `Pool`, or the one that the free functions share. */
export interface Host {
  /** Laid under the options of each call. */
  readonly defaults: ParMapOptions;
  /** How many lanes a call has that does not say. */
  readonly lanes: number;
  /** How many a call may have. */
  readonly maxLanes: number;
  /** Throws where the pool is closed. */
  assertOpen(): void;
  /**
   * Begins a call.
   * @param ownLanes the call asked for lanes of its own, by number
   */
  open(ownLanes: boolean): CallHost;
  /**
   * As `open`, for a kept function: it is no call that is waited for, but is closed with the pool.
   * @param close closes it
   */
  keep(ownLanes: boolean, close: () => Promise<void>): CallHost;
}
