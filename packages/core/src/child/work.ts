import type { ChildBinding, Protocol } from '@forkmap/native';
import type { CodecOptions } from '../codec/index.js';
import type { SpillWriter } from '../spill.js';
import type { Gathering } from './run/gathering.js';

/** A function that is kept, whatever its arguments. */
export type KeptFunction = (...args: unknown[]) => unknown;

/** What a child is to do, as the origin's closure has it. Inherited, never serialized. */
export interface ChildWork {
  /** Runs the caller's function on the item of that index. */
  invoke(index: number): unknown;
  /** For verbs that do not send a result per item: where to take what a range comes to. */
  gathering?: Gathering | undefined;
  /** The child is kept for this function: it takes calls as they come, and has no chunk. */
  kept?: KeptFunction | undefined;
  /** What `warm` has thrown, where the child is kept. */
  warmFailure?: { error: unknown } | undefined;
  /** Runs once in each child, before its first item. */
  setup?: (() => unknown) | undefined;
  /** Runs once in each child, after its last item. */
  teardown?: (() => unknown) | undefined;
  /** Runs once before the first item of any child that is forked from the same snapshot. */
  warm?: (() => unknown) | undefined;
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
  /** So many failures of a chunk end it all the same: they end the call. */
  haltAfter?: number | undefined;
  /** forkMapSync: a promise is an error. */
  mustBeSync: boolean;
  itemTimeoutMs?: number | undefined;
  seed?: number | string | undefined;
  /** What is added to an index for its random numbers. */
  firstIndex?: number | undefined;
  /** In its place: the index of each item for its random numbers. */
  places?: Uint32Array | undefined;
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

/**
 * The same, as objects of one shape each. WHY: code that has seen objects of one shape alone has to find its way anew for
 * each other, and every child would: those of a rehearsal must look as those of a child do.
 */
export function alikeSurroundings({ host, child, protocol, inherited }: Surroundings): Surroundings {
  return {
    host,
    child: {
      kept: child.kept,
      isChild: child.isChild,
      writeFrame: child.writeFrame,
      leave: child.leave,
      nextChunk: child.nextChunk,
      reseedRandom: child.reseedRandom,
      fillRandom: child.fillRandom,
      unhookPromises: child.unhookPromises,
      writeOutput: child.writeOutput,
      silenceSignals: child.silenceSignals,
      setTitle: child.setTitle,
      followParent: child.followParent,
      withStandIn: child.withStandIn,
      noteTurn: child.noteTurn,
      isKeptAliveByMoreThanTimers: child.isKeptAliveByMoreThanTimers,
      isKept: child.isKept,
      pendingWork: child.pendingWork,
    },
    protocol,
    inherited,
  };
}

/** See `alikeSurroundings`. */
export function alikeWork(work: ChildWork): ChildWork {
  return {
    invoke: work.invoke,
    gathering: work.gathering,
    kept: work.kept,
    warmFailure: work.warmFailure,
    setup: work.setup,
    teardown: work.teardown,
    warm: work.warm,
    sheet: work.sheet,
    isSplittable: work.isSplittable,
    codec: work.codec,
    maxResultBytes: work.maxResultBytes,
    concurrency: work.concurrency,
    goesOnAfterFailure: work.goesOnAfterFailure,
    haltAfter: work.haltAfter,
    mustBeSync: work.mustBeSync,
    itemTimeoutMs: work.itemTimeoutMs,
    seed: work.seed,
    firstIndex: work.firstIndex,
    places: work.places,
    name: work.name,
    originPid: work.originPid,
  };
}

/** A child's own: its slot on the board, besides. */
export interface ChildContext extends Surroundings {
  slot: Int32Array;
  slotTimes: Float64Array;
  /** Where results are noted that are not sent yet; not for a single item. */
  spill?: SpillWriter | undefined;
}
