import { expect, test } from 'vitest';
import { inTurns } from './in-turns.js';

function busy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Of so many ms each. */
function* steps(ms: readonly number[], happened: string[]): Generator<void> {
  for (const each of ms) {
    busy(each);
    happened.push('step');
    yield;
  }
}

test('the event loop turns between steps that take long', async () => {
  const happened: string[] = [];
  setImmediate(() => happened.push('turn'));
  await inTurns(steps([5, 5], happened));
  expect(happened).toEqual(['step', 'turn', 'step']);
});

test('many short steps are one turn', async () => {
  const happened: string[] = [];
  setImmediate(() => happened.push('turn'));
  await inTurns(steps(Array(100).fill(0), happened));
  expect(happened).not.toContain('turn');
});

test('what others do in between does not count', async () => {
  const beganMs = performance.now();
  const running = inTurns(steps([5, 5], []));
  setImmediate(() => busy(50));
  const tookMs = await running;
  expect(tookMs).toBeGreaterThanOrEqual(10);
  expect(tookMs).toBeLessThanOrEqual(performance.now() - beganMs - 50);
});

test('what a step throws is thrown', async () => {
  const failing = (function* (): Generator<void> {
    busy(5);
    yield;
    throw new RangeError('in the second step');
  })();
  await expect(inTurns(failing)).rejects.toThrow(new RangeError('in the second step'));
});
