import { PROTOCOL } from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/pool/internal';
import type { Step } from '../wire/messages.js';

const ADDED_UP = ['workMs', 'encodeMs', 'sendMs'] as const;

/** The outcome of a chunk that was run in steps: how it ended is what its last step says. */
export function mergeSteps(steps: readonly Step[]): Outcome {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last) throw new TypeError('there is no step');
  const { frames: _, stdout: __, stderr: ___, ...outcome } = last.outcome;
  const merged: Outcome = {
    ...outcome,
    beganMs: first.outcome.beganMs,
    forkedMs: first.outcome.forkedMs,
    forkMs: first.outcome.forkMs,
    peakPrivateBytes: Math.max(...steps.map((step) => step.outcome.peakPrivateBytes)),
  };
  for (const name of ADDED_UP) merged[name] = steps.reduce((sum, step) => sum + step.outcome[name], 0);
  const frames = joined(steps.flatMap(({ outcome: { frames } }) => (frames ? [frames] : [])));
  if (frames) merged.frames = frames;
  for (const name of ['stdout', 'stderr'] as const) {
    const texts = steps.flatMap((step) => step.outcome[name] ?? []);
    if (texts.length > 0) merged[name] = texts.join('');
  }
  return merged;
}

/** The outcome where a worker is gone: what has arrived, and that items [start, end) may have begun. */
export function lostOutcome(
  steps: readonly Step[],
  { start, end, name }: { start: number; end: number; name: string },
): Outcome {
  const known = steps.length > 0 ? mergeSteps(steps) : NOTHING;
  return {
    ...known,
    ending: PROTOCOL.ending.readFailed,
    isWhole: false,
    pid: 0,
    begun: Math.max(start, end),
    done: start,
    lostWorker: name,
  };
}

/** The outcome of a chunk that nobody wants any more. */
export function abortedOutcome(start: number): Outcome {
  return { ...NOTHING, ending: PROTOCOL.ending.aborted, begun: start, done: start };
}

const NOTHING: Outcome = {
  ending: 0,
  isWhole: false,
  hasPartial: false,
  pid: 0,
  isReaped: true,
  begun: 0,
  done: 0,
  reason: 0,
  exitArgument: 0,
  brokenFirst: -1,
  peakPrivateBytes: 0,
  workMs: 0,
  lane: 0,
  beganMs: 0,
  encodeMs: 0,
  sendMs: 0,
  forkedMs: 0,
  forkMs: 0,
  endedMs: 0,
};

function joined(buffers: readonly ArrayBuffer[]): ArrayBuffer | undefined {
  if (buffers.length < 2) return buffers[0];
  const all = new Uint8Array(buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0));
  let at = 0;
  for (const buffer of buffers) {
    all.set(new Uint8Array(buffer), at);
    at += buffer.byteLength;
  }
  return all.buffer;
}
