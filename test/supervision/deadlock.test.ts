import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { forkMap, forkMapSync } from '@forkmap/core';
import { parMap } from '@forkmap/pool';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { faults } from '../helpers/faults.js';
import { countHoldings, expectNoLeaks } from '../helpers/leaks.js';
import { stateOf } from '../helpers/processes.js';
import { rejectionOf, thrownBy, warmPool } from '../helpers/runs.js';
import { scaled } from '../helpers/time.js';

vi.hoisted(() => {
  process.env.FORKMAP_ADDON = 'faults';
});

expectNoLeaks(() => warmPool(2));

const ITEMS = Array.from({ length: 12 }, (_, item) => item);
const deadlock = { code: 'ERR_FORKMAP_DEADLOCK', effect: 'CallableStatusUnknown' };

describe('a child that takes a lock which a native thread of its origin held', () => {
  const takeLock = () => faults().takeLock();
  const holdLock = () => onTestFinished(faults().holdLock());

  it('is ended within two seconds, and its unbegun items go on', async () => {
    holdLock();
    const began = performance.now();
    const settled = await parMap(ITEMS, (item) => (item === 4 ? takeLock() : item), {
      chunk: 6,
      lanes: 2,
      settle: true,
    });
    expect(performance.now() - began).toBeLessThan(scaled(2_000));
    const reason = expect.objectContaining({ ...deadlock, index: 4, chunk: { start: 0, end: 6 } });
    expect(settled).toEqual(
      ITEMS.map((value) => (value === 4 ? { status: 'rejected', reason } : { status: 'fulfilled', value })),
    );
  });

  it('is ended in forkMap and forkMapSync too', async () => {
    holdLock();
    expect(await rejectionOf(forkMap(takeLock))).toMatchObject(deadlock);
    expect(thrownBy(() => forkMapSync(takeLock))).toMatchObject(deadlock);
  });

  it('is ended where it has idle threads of its own', async () => {
    holdLock();
    const error = await rejectionOf(
      forkMap(async () => {
        // Starts the threads of libuv's pool, which then wait for more.
        await import('node:fs/promises').then((fs) => fs.stat('/'));
        takeLock();
      }),
    );
    expect(error).toMatchObject(deadlock);
  });
});

it('a snapshot that takes such a lock while it is prepared is ended, and nothing of its call has run', async () => {
  const { eventNames } = process;
  const release = faults().holdLock();
  onTestFinished(() => {
    process.eventNames = eventNames;
    release();
  });
  const call = parMap(ITEMS, (item) => item, { chunk: 1, lanes: 2 });
  // Asked for where the origin's listeners are taken away. The fork is in the event loop's next turn.
  process.eventNames = () => {
    faults().takeLock();
    return [];
  };
  const began = performance.now();
  const error = await rejectionOf(call);
  process.eventNames = eventNames;
  expect(error).toMatchObject({ effect: 'CallableDidNotExecute', retryable: true });
  expect(performance.now() - began).toBeLessThan(scaled(4_000));
});

describe('a child is left alone that', () => {
  /** Longer than the proof of a deadlock takes. */
  const LONG_MS = 2_000;
  const nap = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LONG_MS);

  it.each<[string, () => unknown]>([
    ['sleeps in Atomics.wait with a time limit', nap],
    ['sleeps by a timer', () => sleep(LONG_MS)],
    ['waits for a process', () => void execFileSync('sleep', [String(LONG_MS / 1000)])],
    [
      'waits in Atomics.wait for a worker thread that is busy',
      () => {
        const flag = new Int32Array(new SharedArrayBuffer(4));
        const code = `const { workerData: flag } = require('node:worker_threads');
          const end = Date.now() + ${LONG_MS};
          while (Date.now() < end);
          Atomics.store(flag, 0, 1);
          Atomics.notify(flag, 0);`;
        const worker = new Worker(code, { eval: true, workerData: flag });
        Atomics.wait(flag, 0, 0);
        return worker.terminate();
      },
    ],
  ])('%s', async (_what, wait) => {
    const run = async () => {
      await wait();
      return 'done';
    };
    expect(await forkMap(run)).toBe('done');
  });

  it('is stopped while it waits for its sleep to end', async () => {
    const settled = forkMap(() => {
      process.kill(process.pid, 'SIGSTOP');
      return 'done';
    });
    let child: number | undefined;
    while (child === undefined) {
      await sleep(10);
      child = stoppedChild();
    }
    await sleep(LONG_MS);
    process.kill(child, 'SIGCONT');
    expect(await settled).toBe('done');
  });
});

function stoppedChild(): number | undefined {
  const pids = (countHoldings().get('child') ?? []).map((child) => Number.parseInt(child, 10));
  return pids.find((pid) => stateOf(pid) === 'T');
}
