/** Work of a known length that cannot be optimised away and has an answer to check. */

/** `rounds` dependent steps of a congruential generator, from `seed`. */
export function spin(seed: number, rounds: number): number {
  let state = seed | 0;
  for (let i = 0; i < rounds; i++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return state;
}

const SHORT_ITEMS = 500_000;
const SHORT_ROUNDS = [8, 16, 32, 64];

/**
 * Gives how many rounds make an item of so many ns in a serial loop. WHY not by `calibrate`: a processor works at several
 * short items at a time, which wait for nothing of each other's.
 */
export function calibrateShort(itemNs: number): number {
  const nsOf = (rounds: number) => {
    let bestMs = Number.POSITIVE_INFINITY;
    let sum = 0;
    for (let trial = 0; trial < 5; trial++) {
      const startedMs = performance.now();
      for (let i = 0; i < SHORT_ITEMS; i++) sum += spin(i, rounds);
      bestMs = Math.min(bestMs, performance.now() - startedMs);
    }
    return sum === 0 ? 0 : (bestMs * 1e6) / SHORT_ITEMS;
  };
  let [lastRounds, lastNs] = [0, 0];
  for (const rounds of SHORT_ROUNDS) {
    const ns = nsOf(rounds);
    if (ns >= itemNs) {
      return Math.max(
        1,
        Math.round(lastRounds + ((rounds - lastRounds) * (itemNs - lastNs)) / (ns - lastNs)),
      );
    }
    [lastRounds, lastNs] = [rounds, ns];
  }
  return lastRounds;
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
