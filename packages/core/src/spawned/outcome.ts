import { constants } from 'node:os';
import type { Outcome } from '@forkmap/native';
import { PROTOCOL } from '../protocol.js';
import type { ChunkFrames } from './chunk-frames.js';

/** How a process ended, or why there never was one. */
export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  error?: Error;
}

interface Parts {
  pid: number;
  frames: ChunkFrames;
  /** Undefined while it lives on. */
  ended: ProcessEnd | undefined;
  /** On the clock of `monotonicMs`. */
  forkedMs: number;
}

const NS_PER_MS = 1e6;

/** The clock of an outcome's times. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / NS_PER_MS;
}

/** What a driver would say of a forked child, of a spawned process. */
export function outcomeOf({ pid, frames, ended, forkedMs }: Parts): Outcome {
  const sent = frames.take();
  return {
    ending: endingOf(frames),
    isWhole: frames.isWhole,
    hasPartial: frames.hasPartial,
    pid,
    isReaped: true,
    ...(typeof ended?.code === 'number' && { exitCode: ended.code }),
    ...(ended?.signal && { signal: constants.signals[ended.signal] }),
    begun: 0,
    done: 0,
    reason: PROTOCOL.reason.none,
    exitArgument: 0,
    brokenFirst: frames.brokenFirst,
    peakPrivateBytes: 0,
    workMs: 0,
    lane: 0,
    beganMs: 0,
    encodeMs: 0,
    sendMs: 0,
    forkedMs,
    forkMs: 0,
    endedMs: monotonicMs(),
    ...(sent && { frames: sent }),
  };
}

function endingOf(frames: ChunkFrames): number {
  const { left, brokenFrame, tooLarge } = PROTOCOL.ending;
  return { open: left, broken: brokenFrame, tooLarge }[frames.state];
}
