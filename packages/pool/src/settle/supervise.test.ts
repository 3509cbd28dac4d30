import { constants } from 'node:os';
import { PROTOCOL } from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/native';
import { expect, test } from 'vitest';
import { ChunkQueue, type Range } from '../call/chunks.js';
import { checkParMapOptions } from '../options.js';
import { Results } from './results.js';
import { Supervisor } from './supervise.js';

const ITEMS = 3;
const nothing = () => undefined;
const host = {
  acquire: () => nothing,
  tryAcquire: () => nothing,
  leave: nothing,
  saw: nothing,
  sawDeath: nothing,
  close: nothing,
};

/** A call of one chunk, which is driven again as long as it is put back. */
function supervise() {
  const ledger = new Results<number>(ITEMS, true);
  const queue = new ChunkQueue(ITEMS, () => ITEMS);
  const options = checkParMapOptions({ settle: true });
  const supervisor = new Supervisor({ ledger, queue, options, host, sheet: nothing, fail: nothing });
  const drive = async (outcome: Outcome) => {
    await supervisor.settleChunk(outcome, queue.take() as Range);
    return supervisor.takePauseMs();
  };
  return { ledger, queue, drive };
}

const refused = (errno: number) =>
  ({ ending: PROTOCOL.ending.notForked, pid: 0, error: { errno, syscall: 'fork' } }) as Outcome;
/** It lived, and has left all its items to others. */
const forked = { ending: PROTOCOL.ending.left, isWhole: true, pid: 7, begun: 0, done: 0 } as Outcome;

test('what is refused for want of resources is tried again after ever longer pauses, up to a bound', async () => {
  const { ledger, queue, drive } = supervise();
  const pauses: number[] = [];
  while (!queue.isEmpty) pauses.push(await drive(refused(constants.errno.EAGAIN)));
  expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 0]);
  const reason = expect.objectContaining({ code: 'ERR_FORKMAP_FORK', retryable: true });
  expect(ledger.values).toEqual(Array(ITEMS).fill({ status: 'rejected', reason }));
});

test('a fork that goes well has the count begin anew', async () => {
  const { queue, drive } = supervise();
  const outcomes = [refused(constants.errno.ENOMEM), refused(constants.errno.EMFILE), forked];
  const pauses: number[] = [];
  for (const outcome of [...outcomes, ...outcomes]) pauses.push(await drive(outcome));
  expect(pauses).toEqual([5, 10, 0, 5, 10, 0]);
  expect(queue.take()).toEqual({ start: 0, end: ITEMS });
});

test('what is refused for good fails at once', async () => {
  const { ledger, queue, drive } = supervise();
  expect(await drive(refused(constants.errno.ENOSYS))).toBe(0);
  expect(queue.isEmpty).toBe(true);
  expect(ledger.failed).toBe(ITEMS);
});
