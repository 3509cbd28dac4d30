import { setTimeout as sleep } from 'node:timers/promises';
import { parMap, sharedArray } from '@forkmap/pool';
import { expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';
import { nextWarning } from '../helpers/warnings.js';

expectNoLeaks(warmPool);

it('a call warns while lanes have nothing to do because its chunk leaves too few chunks', async () => {
  const isOver = sharedArray(Int32Array, 1);
  const untilOver = async () => {
    while (Atomics.load(isOver, 0) === 0) await sleep(1);
  };
  const call = parMap([0, 1, 2], untilOver, { chunk: 3, lanes: 2 });
  const warning = await nextWarning();
  Atomics.store(isOver, 0, 1);
  expect(warning).toMatchObject({ code: 'FORKMAP_IDLE_LANES' });
  expect(warning.message).toBe(
    'parMap: 1 of 2 lanes have had nothing to do for half a second: chunk: 3 makes only 1 of 3 items. ' +
      'Better: leave chunk out, or chunk: 1',
  );
  await call;
});
