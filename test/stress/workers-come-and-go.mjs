/**
 * Worker threads begin and end, some of them fork, and some start programs: memory changes hands while others fork.
 * Settings: forks=1000 limit=30000 (ms after which a child is called hanging).
 */
import { spawnSync } from 'node:child_process';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { forkMapSync } from '@forkmap/pool';
import { report, setting } from './lib.mjs';

/** What one worker does before it ends, so many times. @type {Record<string, (limit: number) => void>} */
const acts = {
  fork: (timeout) => {
    if (forkMapSync(() => 42, { timeout }) !== 42) throw new Error('a wrong result');
  },
  spawn: () => {
    const { signal, status, error } = spawnSync('true');
    if (signal || status !== 0) throw error ?? new Error(`a program that began ended by ${signal ?? status}`);
  },
  idle: () => undefined,
};

/** @param {{ kind: string, times: number, limit: number }} work */
function workInThread({ kind, times, limit }) {
  /** @type {string[]} */
  const errors = [];
  for (let i = 0; i < times; i++) {
    try {
      acts[kind]?.(limit);
    } catch (error) {
      errors.push(/** @type {Error} */ (error).message);
    }
  }
  parentPort?.postMessage(errors);
}

if (isMainThread) {
  const forks = setting('forks', 1_000);
  const limit = setting('limit', 30_000);
  const done = { fork: 0, spawn: 0, idle: 0 };
  /** @type {Record<string, number>} */
  const errors = {};
  /** @param {keyof typeof done} kind @param {number} times */
  const runWorker = (kind, times) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { kind, times, limit } });
      worker.once('error', reject).once('exit', resolve);
      worker.once('message', (/** @type {string[]} */ messages) => {
        done[kind] += times;
        for (const message of messages) errors[message] = (errors[message] ?? 0) + 1;
      });
    });
  /** @param {keyof typeof done} kind */
  const keepRunning = async (kind) => {
    for (let i = 0; done.fork < forks; i++) await runWorker(kind, 3 + (i % 10));
  };
  await Promise.all([
    keepRunning('fork'),
    keepRunning('fork'),
    keepRunning('spawn'),
    keepRunning('spawn'),
    keepRunning('idle'),
  ]);
  const failures = Object.values(errors).reduce((sum, count) => sum + count, 0);
  report('workers come and go', { forks: done.fork, programs: done.spawn, failures, errors });
  process.exitCode = failures > 0 ? 1 : 0;
} else {
  workInThread(workerData);
}
