/** A call, as the channel `forkmap:call` has it. One object from its start to its end, filled in as things are known. */
export interface CallTrace {
  /** Of this thread's calls: 1, 2, 3… */
  readonly id: number;
  /** `forkMap`, `forkMapSync`, `parMap`… */
  readonly verb: string;
  /** The option `name`. */
  readonly name: string | undefined;
  readonly items: number;
  /** Children at the same time, at most. */
  readonly lanes: number;
  /** When it began, on the clock of `performance.now()`. */
  readonly startedAt: number;
  /** When it was over; `undefined` before. */
  endedAt: number | undefined;
  /** Why it failed: there with the event `error`, and after it. */
  error?: unknown;
}

/** The one fork of the caller's process that a call over a list begins with, as the channel `forkmap:snapshot` has it. */
export interface SnapshotTrace {
  readonly call: CallTrace;
  readonly name: string | undefined;
  /** Of the snapshot; 0 until it is there. */
  pid: number;
  readonly timings: SnapshotTimings;
  error?: unknown;
}

/** Milliseconds. What ends in `At` is a point of time on the clock of `performance.now()`, and 0 until it is reached. */
export interface SnapshotTimings {
  /** When it was asked for: the fork itself waits for the event loop's next turn. */
  askedAt: number;
  forkedAt: number;
  /** For so long V8 and the caller's thread stood still. */
  forkMs: number;
}

/** What a child does in one go, as the channel `forkmap:chunk` has it. All but the range is known at its end. */
export interface ChunkTrace {
  readonly call: CallTrace;
  readonly name: string | undefined;
  /** The items: from `start`, and not `end` itself. */
  readonly start: number;
  readonly end: number;
  /** Of the child; 0 where none was forked. */
  pid: number;
  /** Numbered from 0. */
  lane: number;
  /** Bytes that the child sent. */
  bytes: number;
  readonly timings: ChunkTimings;
  /** The child was ended because the call needed it no more. */
  isAborted: boolean;
  /** What it wrote, with `stdio: 'capture'`. */
  stdout: string | undefined;
  stderr: string | undefined;
  /** How the child died, or why none was forked. Not what the function threw: that is the call's error. */
  error?: unknown;
}

/** Milliseconds. What ends in `At` is a point of time on the clock of `performance.now()`, and 0 if it was not reached. */
export interface ChunkTimings {
  /** When a driver was asked for it. */
  askedAt: number;
  /** When the driver had a lane fork; for a child that is kept for several chunks, when it was told of this one. */
  forkedAt: number;
  /** When the child began its first item. */
  beganAt: number;
  /** When the child was gone, or, if it is kept, had sent all. */
  endedAt: number;
  /** When the results were decoded and in place. */
  settledAt: number;
  /** What the fork took; 0 where the child was there already. */
  forkMs: number;
  /** What the function took for all items. */
  workMs: number;
  /** What encoding took, in the child. It happens as results come; this is the sum. */
  encodeMs: number;
  /** What writing took, in the child; the sum. */
  sendMs: number;
  /** What decoding took, on the caller's thread. */
  decodeMs: number;
}

/**
 * The parts of a chunk, as parts of the time from `forkedAt` to `endedAt`, which they never exceed. WHY not the durations
 * themselves: a child may be at work before its parent is back from the fork, and note its end after it was seen.
 */
export function partsOf(
  timings: ChunkTimings,
): Pick<ChunkTimings, 'forkMs' | 'workMs' | 'encodeMs' | 'sendMs'> {
  const { forkedAt, beganAt, endedAt, forkMs, workMs, encodeMs, sendMs } = timings;
  if (beganAt === 0) return { forkMs, workMs, encodeMs, sendMs };
  const lifeMs = Math.max(0, endedAt - beganAt);
  return {
    forkMs: Math.min(forkMs, Math.max(0, beganAt - forkedAt)),
    workMs: Math.min(workMs, Math.max(0, lifeMs - encodeMs - sendMs)),
    encodeMs: Math.min(encodeMs, lifeMs),
    // WHY this one last: it is what goes on when the driver has seen the end.
    sendMs: Math.min(sendMs, Math.max(0, lifeMs - encodeMs)),
  };
}
