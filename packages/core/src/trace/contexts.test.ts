import { describe, expect, it } from 'vitest';
import { type ChunkTimings, partsOf } from './contexts.js';

const POINTS = { askedAt: 90, forkedAt: 100, beganAt: 104, endedAt: 120, settledAt: 121, decodeMs: 0.5 };
const whole = (durations: Partial<ChunkTimings>): ChunkTimings => ({
  ...POINTS,
  ...{ forkMs: 3, workMs: 10, encodeMs: 2, sendMs: 1 },
  ...durations,
});

describe('partsOf()', () => {
  it('gives the durations where they fit', () => {
    expect(partsOf(whole({}))).toEqual({ forkMs: 3, workMs: 10, encodeMs: 2, sendMs: 1 });
  });

  it.each<[string, Partial<ChunkTimings>]>([
    ['the child was at work before its parent was back', { forkMs: 9 }],
    ['the child noted its end after it was seen', { workMs: 20 }],
    ['it was still sending', { workMs: 0, sendMs: 30 }],
    ['all of it is late', { forkMs: 50, workMs: 50, encodeMs: 50, sendMs: 50 }],
  ])('never exceeds the chunk: %s', (_why, durations) => {
    const { forkMs, workMs, encodeMs, sendMs } = partsOf(whole(durations));
    expect(POINTS.forkedAt + forkMs).toBeLessThanOrEqual(POINTS.beganAt);
    expect(POINTS.beganAt + workMs + encodeMs + sendMs).toBeLessThanOrEqual(POINTS.endedAt);
    for (const ms of [forkMs, workMs, encodeMs, sendMs]) expect(ms).toBeGreaterThanOrEqual(0);
  });
});
