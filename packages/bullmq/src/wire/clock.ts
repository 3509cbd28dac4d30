import { monotonicMs } from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/pool/internal';

// The times of an outcome are on clocks of the process that has it. They travel as ages.

/** An outcome whose times say how long ago they were. */
export function withAges(outcome: Outcome): Outcome {
  return shifted(outcome, { monotonic: -monotonicMs(), performance: -performance.now() });
}

/** The same outcome on the clocks of this process; the time on the way does not count. */
export function onOurClocks(outcome: Outcome): Outcome {
  return shifted(outcome, { monotonic: monotonicMs(), performance: performance.now() });
}

function shifted(outcome: Outcome, by: { monotonic: number; performance: number }): Outcome {
  const { forkedMs, endedMs, beganMs } = outcome;
  return {
    ...outcome,
    forkedMs: forkedMs + by.monotonic,
    endedMs: endedMs + by.monotonic,
    // 0: its items did not begin.
    beganMs: beganMs === 0 ? 0 : beganMs + by.performance,
  };
}
