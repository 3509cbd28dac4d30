/**
 * The native layer: loads the addon ([load.ts](load.ts)), and says in types what it offers.
 * What each part does, and in which process it may run: README.md beside this file.
 */

export { BUNDLED } from './bundled.js';
export { loadNative } from './load.js';

/** Numbers that the C++ side defines (src/protocol.h). */
export interface Protocol {
  frame: Record<
    | 'headerBytes'
    | 'results'
    | 'thrown'
    | 'failed'
    | 'end'
    | 'numbers'
    | 'undefineds'
    | 'flushBytes'
    | 'flushMs'
    | 'failureBytes',
    number
  >;
  reason: Record<
    'none' | 'finished' | 'exit' | 'heap' | 'unsettled' | 'write' | 'mainThrew' | 'stray' | 'warm',
    number
  >;
  ending: Record<
    | 'left'
    | 'timeout'
    | 'itemTimeout'
    | 'memoryLimit'
    | 'aborted'
    | 'deadlock'
    | 'brokenFrame'
    | 'tooLarge'
    | 'readFailed'
    | 'notForked'
    | 'outputClosed'
    | 'snapshotGone',
    number
  >;
  /** Bits of the last argument of a child's main function. */
  inherited: Record<
    'timers' | 'refedTimers' | 'immediates' | 'stdoutStream' | 'stderrStream' | 'requests',
    number
  >;
  slot: Record<
    | 'bytesPerSlot'
    | 'pid'
    | 'begun'
    | 'done'
    | 'first'
    | 'pending'
    | 'spilled'
    | 'runKind'
    | 'runFirst'
    | 'awaited'
    | 'limit'
    | 'claimed'
    | 'workMs'
    | 'beganMs'
    | 'encodeMs',
    number
  >;
  /** The parts of a lane's spill: byte offsets, and how much fits. */
  spill: Record<'items' | 'textBytes' | 'numbers' | 'lengths' | 'indices' | 'kinds' | 'text', number>;
  maxLanes: number;
  /** How much longer than `itemTimeout` an item may take at least, where promises are pending. */
  loopGraceMs: number;
  /** How long a kept child may take to leave when there is no chunk for it any more. */
  leavesWithinMs: number;
}

export interface SysError {
  errno: number;
  syscall: string;
}

/** What may be asked of a supervised child. Missing limits do not apply. */
export interface WatchPlan {
  /** Items [start, end) that its frames may speak of; [0, 1) by default. */
  start?: number;
  end?: number;
  maxPayloadBytes: number;
  /** From now, for the whole call. */
  timeoutMs?: number | undefined;
  itemTimeoutMs?: number | undefined;
  memoryBytes?: number | undefined;
  stdio?: 'inherit' | 'ignore' | 'capture' | undefined;
}

export interface DriveRequest extends WatchPlan {
  start: number;
  end: number;
  /** The lane will fork often: it gets a process of its own. */
  shouldPromote: boolean;
  /** The child lives on for the lane's next chunk… */
  shouldKeep: boolean;
  /** …unless it has lived so many times as long as its birth took… */
  keptForBirths?: number | undefined;
  /** …or has so many bytes of its own. */
  keptForBytes?: number | undefined;
}

/** How a child's chunk went. Times in ms on the clock of `process.hrtime()`. */
export interface Outcome {
  ending: number;
  /** Its END frame arrived. */
  isWhole: boolean;
  /** A frame was begun and not ended. */
  hasPartial: boolean;
  pid: number;
  isReaped: boolean;
  exitCode?: number;
  signal?: number;
  /** Items [start, begun) had begun, [start, done) of a child that takes one at a time had finished. */
  begun: number;
  done: number;
  reason: number;
  /** What `process.exit` was given, where that is the reason. */
  exitArgument: number;
  /** The first item of a frame that was too large, or -1. */
  brokenFirst: number;
  peakPrivateBytes: number;
  maxRssBytes?: number;
  /** What the items took in the child, without its birth and death; 0 where it did not come to that. */
  workMs: number;
  /** Where the lane is among those of its call. */
  lane: number;
  /** When the items began, on the clock of `performance.now()`; 0 where they did not. */
  beganMs: number;
  /** The parts of `workMs` that went into encoding results, and into writing them. */
  encodeMs: number;
  sendMs: number;
  forkedMs: number;
  forkMs: number;
  endedMs: number;
  error?: SysError;
  /** Where the chunk ran on another machine that is gone: its name. */
  lostWorker?: string;
  stdout?: string;
  stderr?: string;
  /** Results of items [runFirst, done) that no frame tells of: all numbers, in the call's sheet, or all undefined. */
  runKind?: number;
  runFirst?: number;
  /** An item of the chunk was a promise. */
  hasAwaited?: boolean;
  /** Of a child that died: `spilled` results that it had noted, but not sent. */
  spill?: ArrayBuffer;
  spilled?: number;
  /** Whole frames, one after the other, headers included. */
  frames?: ArrayBuffer;
}

/** What the addon calls in a forked process. */
export interface ChildMain {
  /**
   * Makes the process a child's, once: in the snapshot, for all that are forked from it, or in the child itself.
   * @param inherited bits of `Protocol.inherited`
   * @param board a slot per lane; then, in a call of many chunks, a spill per lane
   */
  prepare(inherited: number, board: ArrayBuffer, lanes: number): void;
  /**
   * In a snapshot that many children will be forked from: runs what they will run, with nothing at the other end, so that
   * they inherit what it needs.
   */
  rehearse(): void;
  /**
   * In a snapshot, once: runs what the caller has asked for, so that children inherit what it compiles and loads.
   * @param pid the snapshot's own
   */
  warm?: ((pid: number) => void) | undefined;
  /** Runs a chunk, in a process of its own. */
  run(lane: number, start: number, end: number): void;
}

/**
 * What is heard of the other side, message by message. A payload is null where there was no descriptor left for it.
 * Kind 0: nothing more will come; `count` is the errno for which.
 */
export type Heard = (kind: number, id: number, count: number, payload: ArrayBuffer | null) => void;

/** In a kept child: how it talks with the origin. */
export interface KeptInside {
  /** False where the event loop cannot watch for messages. From now on they keep it alive. */
  listen(heard: Heard): boolean;
  keepAlive(should: boolean): void;
  /** Waits where the origin has not heard what was said before. @returns 0, or the errno for which it was not sent */
  send(kind: number, id: number, count: number, payload?: Uint8Array): number;
}

export interface KeepRequest {
  maxPayloadBytes: number;
  memoryBytes?: number | undefined;
  stdio: 'inherit' | 'ignore' | 'capture';
}

/** A kept child. Opaque. */
export type KeptHandle = object & { readonly __kept: never };

/** The outcome of a fork of a child that is kept: with a handle where it lives. */
export interface ForkedKept extends Outcome {
  handle?: KeptHandle;
  /** What it writes is to be read from here, and these are to be closed: with stdio 'capture'. */
  outFd?: number;
  errFd?: number;
}

/** Kept children of a call: each has a lane, and is no driver's. */
export interface KeepBinding {
  /**
   * Has the call's snapshot fork a child, without waiting for it. As many may live at the same time as the call has lanes.
   * What is heard of one never keeps the event loop alive.
   */
  fork(id: number, request: KeepRequest, heard: Heard, forked: (forked: ForkedKept) => void): void;
  /** @returns 0; EAGAIN where the child has not heard what was said before; or the errno for which it was not sent */
  send(handle: KeptHandle, kind: number, id: number, count: number, payload?: Uint8Array): number;
  /** Ends it at once; its end is heard. @param ending what its outcome is to say, if nothing else has ended it before */
  kill(handle: KeptHandle, ending: number): void;
  /** Whether it has taken more memory than it may. */
  exceedsMemory(handle: KeptHandle): boolean;
  /** Ends it, if it has not ended by itself, and has it reaped. Nothing is heard of it any more; the handle is void. */
  end(handle: KeptHandle, ended: (outcome: Outcome) => void): void;
}

/** For children only. */
export interface ChildBinding {
  kept: KeptInside;
  isChild(): boolean;
  writeFrame(kind: number, first: number, count: number, payload?: Uint8Array): void;
  leave(reason: number, exitCode: number): never;
  /** The next chunk of a kept child; undefined when there is none. Blocks. */
  nextChunk(): [start: number, end: number] | undefined;
  /** False where V8's state was not found: then Math.random repeats in siblings. */
  reseedRandom(): boolean;
  /** Fills the bytes with the kernel's randomness. */
  fillRandom(bytes: Uint8Array): void;
  unhookPromises(): void;
  writeOutput(fd: number, bytes: Uint8Array): boolean;
  /** Calls `stop`, which removes listeners to signals, and sees to it that the terminal's signals stay ignored. */
  silenceSignals(stop: () => void): void;
  setTitle(title: string): void;
  /** The process dies with its parent. Again, where it has changed its user; with a pid, where it was not forked. */
  followParent(pid?: number): void;
  /** Calls `make`, which makes a stream of a descriptor, and keeps that from changing the file that others share. */
  withStandIn(fd: number, make: () => void): void;
  /**
   * Tells the driver whether the event loop has turned for nothing but timers since the last time.
   * @param hasTimers the child has some of its own
   */
  noteTurn(hasTimers: boolean): void;
  isKeptAliveByMoreThanTimers(): boolean;
  /** It may be given more chunks. */
  isKept(): boolean;
  /**
   * What the event loop has not done yet: 0, or 2 where a stream is open, in which something may wait to be sent, plus 1
   * where requests of it, or immediates, are pending for sure.
   */
  pendingWork(): number;
}

export interface NativeBinding {
  protocol: Protocol;
  child: ChildBinding;
  keep: KeepBinding;
  /**
   * Why this Node cannot be forked, in words that follow its name; undefined where it can. To be asked before anything
   * else. Of a Node that the addon does not know it forks one child, to try it.
   */
  whyUnfit(): string | undefined;
  /** Forks on the stack of the caller and blocks until the child is reaped. */
  forkSync(plan: WatchPlan, main: ChildMain): Outcome;
  /** Forks in the event loop's next turn; gives back how to cancel. */
  fork(plan: WatchPlan, main: ChildMain, settled: (outcome: Outcome) => void): () => void;
  /** `board`: a slot per lane, and a spill per lane. Shared by all of the call's processes. */
  openCall(lanes: number): { id: number; board: ArrayBuffer } | SysError;
  /**
   * Forks the snapshot in the event loop's next turn; `main` runs in it, and in every child of it.
   * @param isLean it is to be made one from which a fork costs little, which takes as long as some dozen forks
   */
  snapshot(
    id: number,
    main: ChildMain,
    isLean: boolean,
    ready: (snapshot: { pid: number; ms: number } | SysError) => void,
  ): void;
  /** On a driver thread: one chunk, from fork to reap. Blocks. */
  drive(id: number, request: DriveRequest): Outcome;
  /** The same on a thread of the addon's own: for the thread that opened the call. */
  driveInBackground(id: number, request: DriveRequest, driven: (outcome: Outcome) => void): void;
  /**
   * Zeroed memory that this process shares with all its children from now on; freed by the collector.
   * @param isTakenNow in huge pages, as far as they are to be had, and not page by page when it is used
   */
  shareMemory(bytes: number, isTakenNow: boolean): ArrayBuffer | SysError;
  /**
   * Maps the bytes [start, end) of such memory in as few faults as the kernel can, if the page of `start` is mapped in
   * this process already: that is, if it was used here. Does nothing otherwise.
   */
  mapAhead(memory: ArrayBuffer, start: number, end: number): void;
  /** Such memory is as it was at first: zeros, for which no memory is used. */
  clearMemory(memory: ArrayBuffer): void;
  /**
   * From now on these signals do nothing to this process but be noted, whoever is to handle them; what comes back ends
   * that, and delivers each that came, once. Several may hold the same signal: the last to let go delivers it.
   */
  holdSignals(numbers: number[]): (() => void) | SysError;
  /**
   * Rows of some of the objects, few, that between them have every hidden class that is among all of them: what is true
   * of the keys, attributes and prototypes of these, is true of all. Until JavaScript runs that may change one of them.
   * Undefined where that cannot be told, as of an array that has holes or accessors.
   */
  representatives(objects: readonly unknown[]): number[] | undefined;
  /** Ends the children of a call; their drivers return. */
  cancel(id: number): void;
  /** Ends lanes and snapshot and reaps them, off this thread. The board that `openCall` gave is another call's then. */
  closeCall(id: number, closed: () => void): void;
  /** In the test build alone. */
  faults?: Faults;
}

/** What the build with fault injection has besides (src/napi/faults.cc). For tests. */
export interface Faults {
  /** The kinds of system calls that can be made to fail. */
  calls: string[];
  /** The nth call of a kind from now on fails with that errno, in this process and in all that are forked from it. */
  plan(call: number, nth: number, errno: number): void;
  clear(): void;
  /** A native thread takes a lock, and keeps it until what this gives back is called. */
  holdLock(): () => void;
  takeLock(): void;
  /** The same on a thread of libuv's pool, as a native library's asynchronous function does it. */
  takeLockElsewhere(): Promise<void>;
  /** What a driver makes of a child that writes `bytes`, so many at a time. */
  readFrames(
    bytes: Uint8Array,
    options: { start: number; end: number; maxPayloadBytes: number; pieceBytes: number },
  ): { state: 'open' | 'ended' | 'broken' | 'tooLarge'; hasPartial: boolean; frames?: ArrayBuffer };
}
