/** The addon's own threads, which drive chunks. */

import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { forkMap } from '@forkmap/core';
import { parMap } from '@forkmap/pool';
import { expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { scaled } from '../helpers/time.js';

expectNoLeaks(() => forkMap(() => null));

const threads = () => readdirSync('/proc/self/task');

/** The threads of this process, once there are no more of them than that. */
async function threadsAtMost(count: number): Promise<number> {
  const deadline = performance.now() + scaled(10_000);
  while (threads().length > count && performance.now() < deadline) await sleep(20);
  return threads().length;
}

// WHY: libuv's are started with the first file that is asked for.
await stat('.');
/** Without those that drive. */
const others = threads().length;

it('are used again by the next chunk', async () => {
  await forkMap(() => 1);
  const before = new Set(threads());
  for (let i = 0; i < 20; i++) await forkMap(() => i);
  expect(threads().filter((id) => !before.has(id))).toEqual([]);
});

it('end when there is nothing to do for them', async () => {
  await parMap([1, 2, 3, 4], (item) => item, { chunk: 1, lanes: 4 });
  expect(threads().length).toBeGreaterThan(others);
  expect(await threadsAtMost(others)).toBe(others);
  expect(await forkMap(() => 'again')).toBe('again');
});

it('are not looked for in a child', async () => {
  const inner = await forkMap(async () => [await forkMap(() => 'inner'), await forkMap(() => 'again')]);
  expect(inner).toEqual(['inner', 'again']);
});

it('end with the worker thread that they work for, at work or not', async () => {
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData).then(async ({ forkMap }) => {
      await Promise.all([forkMap(() => 1), forkMap(() => 2), forkMap(() => 3)]);
      parentPort.postMessage('idle');
      const endless = forkMap(() => { for (;;); });
      forkMap(() => 4).then(() => parentPort.postMessage('at work'));
      await endless;
    });`;
  const before = await threadsAtMost(others);
  const worker = new Worker(program, { eval: true, workerData: import.meta.resolve('@forkmap/core') });
  while ((await once(worker, 'message'))[0] !== 'at work');
  await worker.terminate();
  expect(await threadsAtMost(before)).toBe(before);
  expect(readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim()).toBe('');
});

it('reap the child that they were given at the last moment before their worker thread ended', async () => {
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData).then(async ({ forkMap }) => {
      const calls = [0, 1, 2, 3].map(() => forkMap(() => { for (;;); }));
      forkMap(() => 4).then(() => parentPort.postMessage('at work'));
      await Promise.all(calls);
    });`;
  // WHY so often: at one of these moments a thread has its child, and has not begun.
  for (let i = 0; i < 20; i++) {
    const worker = new Worker(program, { eval: true, workerData: import.meta.resolve('@forkmap/core') });
    await once(worker, 'message');
    await worker.terminate();
  }
  expect(readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim()).toBe('');
});
