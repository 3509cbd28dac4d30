/** V8's background threads are at work when a fork is asked for: it waits for them, and not for ever. */

import { loadNative } from '@forkmap/native';
import { CallableDidNotExecuteError, forkMap, forkMapSync, parMap } from '@forkmap/pool';
import { expect, it, vi } from 'vitest';
import { expectNothingForked } from '../helpers/forks.js';
import { rejectionOf, thrownBy } from '../helpers/runs.js';
import { scaled } from '../helpers/time.js';

vi.hoisted(() => {
  process.env.FORKMAP_ADDON = 'faults';
});

const { occupyWorkers } = loadNative() as unknown as { occupyWorkers(ms: number): void };

it('a fork waits until they are done', async () => {
  occupyWorkers(100);
  expect(forkMapSync(() => 42)).toBe(42);
  occupyWorkers(100);
  expect(await forkMap(() => 42)).toBe(42);
  occupyWorkers(100);
  expect(await parMap([1, 2], (x) => x, { chunk: 1 })).toEqual([1, 2]);
});

it(
  'ERR_FORKMAP_QUIESCE says that they did not come to rest, and nothing has executed',
  async () => {
    // Long enough for three attempts of a second each, of two calls.
    occupyWorkers(7_000);
    for (const failing of [
      () => thrownBy(() => forkMapSync(() => 42)),
      () => rejectionOf(parMap([1, 2], (x) => x, { chunk: 1 })),
    ]) {
      const error = await expectNothingForked(failing);
      expect(error).toBeInstanceOf(CallableDidNotExecuteError);
      expect(error).toMatchObject({ code: 'ERR_FORKMAP_QUIESCE', retryable: true });
    }
  },
  scaled(30_000),
);
