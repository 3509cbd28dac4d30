import { forkMapSync } from '@forkmap/core';
import { isTraced } from '@forkmap/core/internal';
import { expect, it } from 'vitest';

const LOOKS = 20_000;
const FORKS = 10;

/** What is done per call, and more than is done per chunk, while nobody listens. */
it('tracing that nobody listens to costs less than 1% of the cheapest call', () => {
  forkMapSync(() => null);
  let forkMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < FORKS; i++)
    forkMs = Math.min(
      forkMs,
      timed(() => forkMapSync(() => null)),
    );
  const looksMs = timed(() => {
    for (let i = 0; i < LOOKS; i++) isTraced();
  });
  expect(isTraced()).toBe(false);
  expect(looksMs / LOOKS).toBeLessThan(forkMs / 100);
});

function timed(act: () => void): number {
  const beganMs = performance.now();
  act();
  return performance.now() - beganMs;
}
