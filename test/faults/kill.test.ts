import { forkMap } from '@forkmap/core';
import { parMap } from '@forkmap/pool';
import { afterEach, expect, it, vi } from 'vitest';
import { faults, planFault } from '../helpers/faults.js';
import { expectNoLeaks } from '../helpers/leaks.js';
import { rejectionOf, warmPool } from '../helpers/runs.js';
import { ITEM_TIMEOUT_MS, sleepForEver } from '../helpers/time.js';

vi.hoisted(() => {
  process.env.FORKMAP_ADDON = 'faults';
});

expectNoLeaks(() => warmPool(2));
afterEach(() => faults().clear());

it.each([
  ['forkMap', () => forkMap(sleepForEver, { timeout: ITEM_TIMEOUT_MS })],
  ['parMap', () => parMap([0], sleepForEver, { itemTimeout: ITEM_TIMEOUT_MS })],
])('a deadline of %s ends a child where signals may not be sent by descriptor', async (_, call) => {
  planFault('pidfd_send_signal', 1, 'EPERM');
  expect(await rejectionOf(call())).toMatchObject({ code: 'ERR_FORKMAP_TIMEOUT' });
});
