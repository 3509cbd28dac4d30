/** Work of a known length that cannot be optimised away and has an answer to check. */

/** `rounds` dependent steps of a congruential generator, from `seed`. */
export function spin(seed: number, rounds: number): number {
  let state = seed | 0;
  for (let i = 0; i < rounds; i++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return state;
}

/** Gives how many rounds take 1 µs on this machine, in optimised code. */
export function calibrate(): number {
  const probeRounds = 2_000_000;
  let bestMs = Number.POSITIVE_INFINITY;
  let seed = 1;
  for (let i = 0; i < 30; i++) {
    const startedMs = performance.now();
    seed = spin(seed, probeRounds);
    bestMs = Math.min(bestMs, performance.now() - startedMs);
  }
  return Math.max(1, Math.round(probeRounds / (bestMs * 1000)));
}
