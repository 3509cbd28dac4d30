import type { Outcome, SysError } from '@forkmap/native';
import type { Range } from '../call/chunks.js';

/** What came of a chunk. */
export type Driven =
  | Outcome
  /** Whoever drove it is gone, and cannot say. */
  | { undriven: unknown }
  /** Nothing was begun: an item cannot be sent to where it would run. */
  | { unsendable: { index: number; error: unknown } };

/** Where the children of a call come from. One per call. */
export interface Engine {
  /** Before anything else. Throws where it cannot. @returns the slots of the lanes, in which children note how far they are */
  open(): ArrayBuffer;
  /** Fixes what all chunks are to see: resolves to the process that keeps it, and how long that took. */
  prepare(): Promise<{ pid: number; ms: number } | SysError>;
  /** Runs one chunk. As many at the same time as there are lanes. */
  drive(range: Range): Promise<Driven>;
  /** Ends all that runs: `drive` comes back soon. */
  cancel(): void;
  /** Nothing more is to be driven: what can end before the results are taken in ends now. */
  endChildren(): void;
  /** Ends what is left. Resolves when nothing is. */
  close(): Promise<void>;
  /** Where results that are numbers come through shared memory: once it is open. */
  readonly sheet?: Float64Array | undefined;
  /** There is a snapshot, and each chunk costs a fork. */
  readonly isForking: boolean;
}
