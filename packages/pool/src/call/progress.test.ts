import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Progress } from '../options.js';
import { ProgressMeter } from './progress.js';

const TOTAL = 1000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => void vi.useRealTimers());

/** A call of an item per ms, each of which is told of. */
function measure(): Progress[] {
  const told: Progress[] = [];
  let done = 0;
  const meter = new ProgressMeter((progress) => void told.push(progress), {
    total: () => TOTAL,
    counts: () => ({ done, failed: 0, running: 1 }),
  });
  meter.start();
  for (; done < TOTAL; done++, meter.tick()) vi.advanceTimersByTime(1);
  meter.finish();
  return told;
}

test('progress is told of 20 times per second at most, and once more at the end', () => {
  const told = measure();
  expect(told.length).toBeGreaterThan(15);
  const elapsed = told.slice(0, -1).map((progress) => progress.elapsed);
  for (const [i, ms] of elapsed.slice(1).entries())
    expect(ms - (elapsed[i] as number)).toBeGreaterThanOrEqual(50);
  expect(told.filter(({ done }) => done === TOTAL)).toEqual([
    { done: TOTAL, total: TOTAL, failed: 0, running: 1, elapsed: TOTAL, eta: 0 },
  ]);
});

test('of a call that ends before the results of what was at work have arrived, no less is told at the end', () => {
  const told: number[] = [];
  const meter = new ProgressMeter(({ done }) => void told.push(done), {
    total: () => TOTAL,
    counts: () => ({ done: 0, failed: 1, running: 0 }),
    atWork: () => 7,
  });
  meter.start();
  vi.advanceTimersByTime(50);
  meter.finish();
  expect(told).toEqual([7, 7]);
});

test('eta goes by the rate seen', () => {
  for (const { done, elapsed, eta } of measure()) {
    expect(eta).toBeCloseTo((elapsed / done) * (TOTAL - done));
  }
});
