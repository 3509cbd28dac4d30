import type { ChildBinding, Protocol } from '@forkmap/native';
import type { CodecOptions } from '../codec/index.js';
import type { SpillWriter } from '../spill.js';
import type { Gathering } from './gathering.js';

/** What a child is to do, as the origin's closure has it. Inherited, never serialized. */
export interface ChildWork {
  /** Runs the caller's function on the item of that index. */
  invoke(index: number): unknown;
  /** For verbs that do not send a result per item: where to take what a range comes to. */
  gathering?: Gathering | undefined;
  /** Runs once in each child, before its first item. */
  setup?: (() => unknown) | undefined;
  /** In shared memory, a number per item: results that are numbers go there. */
  sheet?: Float64Array | undefined;
  /** The origin may cut a chunk shorter while it runs, and a child may end it early: the rest goes to others. */
  isSplittable?: boolean | undefined;
  codec: CodecOptions;
  /** Largest encoded result of one item. */
  maxResultBytes: number;
  /** Items in flight when they are promises. */
  concurrency: number;
  /** False: the first failing item ends the chunk. */
  goesOnAfterFailure: boolean;
  /** forkMapSync: a promise is an error. */
  mustBeSync: boolean;
  itemTimeoutMs?: number | undefined;
  seed?: number | string | undefined;
  /** What is added to an index for its random numbers. */
  firstIndex?: number | undefined;
  /** For the process title. */
  name?: string | undefined;
  originPid: number;
}

/** What a child changes of `process`. Another object stands for it in a rehearsal. */
export type HostProcess = Pick<
  NodeJS.Process,
  | 'pid'
  | 'abort'
  | 'kill'
  | 'exit'
  | 'exitCode'
  | 'send'
  | 'eventNames'
  | 'removeAllListeners'
  | 'on'
  | 'stdout'
  | 'stderr'
  | 'stdin'
  | 'hasUncaughtExceptionCaptureCallback'
  | 'setUncaughtExceptionCaptureCallback'
>;

/** What children of one snapshot have in common: their process, its native functions, the protocol's numbers. */
export interface Surroundings {
  host: HostProcess;
  child: ChildBinding;
  protocol: Protocol;
  /** Bits of `Protocol.inherited`. */
  inherited: number;
}

/** A child's own: its slot on the board, besides. */
export interface ChildContext extends Surroundings {
  slot: Int32Array;
  slotTimes: Float64Array;
  /** Where results are noted that are not sent yet; not for a single item. */
  spill?: SpillWriter | undefined;
}
