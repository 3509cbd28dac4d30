/** Calls within children, and calls from worker threads. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { forkMap, forkMapSync, parMap } from '@forkmap/pool';
import { afterAll, describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { survivors } from '../helpers/processes.js';
import { RUNS, rejectionOf, warmPool } from '../helpers/runs.js';

expectNoLeaks(warmPool);

const range = (length: number) => Array.from({ length }, (_, i) => i);

describe('parMap() in a child', () => {
  it('runs inline there, in order, with the same results', async () => {
    const nested = await parMap(range(4), async (x) => {
      const inner = await parMap(range(3), (y) => ({ y: x * 10 + y, pid: process.pid }), {
        chunk: 1,
        lanes: 3,
      });
      return { pid: process.pid, inner };
    });
    for (const [x, { pid, inner }] of nested.entries()) {
      expect(inner).toEqual(range(3).map((y) => ({ y: x * 10 + y, pid })));
      expect(pid).not.toBe(process.pid);
    }
  });

  it('rejects as it would outside', async () => {
    const error = await rejectionOf(
      parMap([0], () =>
        parMap(range(3), (y) => {
          if (y === 1) throw new RangeError('inner 1');
        }),
      ),
    );
    expect(error).toMatchObject({ name: 'RangeError', message: 'inner 1' });
  });

  it('of forkMap() runs inline too', async () => {
    const [pid, pids] = await forkMap(
      async () => [process.pid, await parMap(range(3), () => process.pid)] as const,
    );
    expect(pids).toEqual([pid, pid, pid]);
  });
});

describe.each(RUNS.filter(([name]) => name !== 'forkMapSync'))('in a child of %s()', (_name, run) => {
  it('forkMap() forks for real, to any depth', async () => {
    const pids = await run(async () => [
      process.pid,
      ...(await forkMap(async () => [process.pid, await forkMap(() => process.pid)])),
    ]);
    expect(new Set([...pids, process.pid]).size).toBe(4);
  });

  it('forkMapSync() forks for real, and its errors arrive', async () => {
    const seen = await run(() => [process.pid, forkMapSync(() => [process.pid, process.ppid])]);
    const [pid, [inner, parent]] = seen as [number, [number, number]];
    expect(inner).not.toBe(pid);
    expect(parent).toBe(pid);
    const error = await rejectionOf(
      run(() =>
        forkMapSync(() => {
          throw new TypeError('from two forks down');
        }),
      ),
    );
    expect(error).toMatchObject({ name: 'TypeError', message: 'from two forks down' });
  });

  it('a nested child that is killed is a typed error there', async () => {
    const seen = await run(() =>
      forkMap(() => process.kill(process.pid, 'SIGKILL')).catch((error) => error.code),
    );
    expect(seen).toBe('ERR_FORKMAP_KILLED');
  });
});

it('forkMapSync() in a child of forkMapSync() forks for real', () => {
  const [pid, inner] = forkMapSync(() => [process.pid, forkMapSync(() => process.pid)]);
  expect(new Set([process.pid, pid, inner]).size).toBe(3);
});

describe('from inside a worker thread', () => {
  const fixture = new URL('../fixtures/calls-from-a-worker.mjs', import.meta.url);
  const dir = mkdtempSync(join(tmpdir(), 'forkmap-hold-'));
  const pipe = join(dir, 'pipe');
  execFileSync('mkfifo', [pipe]);
  afterAll(() => rmSync(dir, { recursive: true }));

  it('every call works, and sees that thread', async () => {
    const worker = new Worker(fixture, { workerData: {} });
    // The last message and the end may come in one turn.
    const [[seen]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
    expect(seen).toEqual({
      forkMap: { secret: 'of the worker', isChild: true },
      forkMapSync: { secret: 'of the worker', isChild: true },
      parMap: range(10).map((x) => `of the worker ${x}`),
      thrown: 'RangeError: in a child of a worker',
      killed: 'ERR_FORKMAP_KILLED',
      own: false,
    });
  });

  it('and from several of them at once, and the main thread', async () => {
    const workers = range(3).map(() => new Worker(fixture, { workerData: {} }));
    const exits = workers.map((worker) => once(worker, 'exit'));
    const seen = await Promise.all([
      ...workers.map(async (worker) => (await once(worker, 'message'))[0].parMap.length),
      parMap(range(10), (x) => x, { chunk: 2, lanes: 2 }).then((results) => results.length),
    ]);
    await Promise.all(exits);
    expect(seen).toEqual([10, 10, 10, 10]);
  });

  it('a worker that is terminated in the middle of a call leaves nothing running', async () => {
    const worker = new Worker(fixture, { workerData: { pipe } });
    const [pids] = (await once(worker, 'message')) as [number[]];
    expect(pids.length).toBe(2);
    await worker.terminate();
    expect(await survivors(pids, 1_000)).toEqual([]);
  });
});
