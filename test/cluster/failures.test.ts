/** What goes wrong on a cluster, with real workers that are really killed. */
import { type ForkError, parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { ClusterSetting, clusterTask, killed, LEASE_MS, saying, until } from '../helpers/cluster.js';
import { survivors } from '../helpers/processes.js';
import { rejectionOf } from '../helpers/runs.js';

const setting = new ClusterSetting();
const items = Array.from({ length: 10 }, (_, x) => x);
const noting = (given: number[]) => given.map((x) => ({ x, log: setting.log }));
const pidsNoted = () => [...new Set(setting.noted().map((line) => Number(line.split(' ')[1])))];

describe('an item', () => {
  it('that throws rejects the call with what it threw', async () => {
    await setting.startWorker();
    const error = await rejectionOf(parMap(items, clusterTask('throwsAtSeven'), { engine: setting.cluster }));
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: 'seven' });
  });

  it('whose process dies fails alone, as at home', async () => {
    await setting.startWorker();
    const options = { engine: setting.cluster, settle: true, chunk: 10, lanes: 1, concurrency: 1 } as const;
    const settled = await parMap(items, clusterTask('diesAtSeven'), options);
    expect(settled.map(({ status }) => status)).toEqual(
      items.map((x) => (x === 7 ? 'rejected' : 'fulfilled')),
    );
    expect(settled[7]).toMatchObject({ reason: { code: 'ERR_FORKMAP_KILLED', signal: 'SIGKILL', index: 7 } });
  });
});

describe('a worker', () => {
  it('that is lost fails what it had begun, and the rest goes to another', async () => {
    const first = await setting.startWorker({ lanes: 1, name: 'first' });
    const call = parMap(noting(items), clusterTask('waitsAtSeven'), {
      ...{ engine: setting.cluster, settle: true, chunk: 10, lanes: 1, concurrency: 1 },
    });
    await setting.untilNoted('7');
    await killed(first);
    await setting.startWorker({ lanes: 1, name: 'second' });
    const settled = await call;
    const lost = settled.flatMap((one, x) => (one.status === 'rejected' ? [x] : []));
    expect(lost).toContain(7);
    for (const at of lost) {
      const { reason } = settled[at] as PromiseRejectedResult;
      expect(reason).toMatchObject({
        code: 'ERR_FORKMAP_WORKER_LOST',
        effect: 'CallableStatusUnknown',
        index: at,
        message: expect.stringContaining('first'),
      });
    }
    // What had arrived stands, and nothing that had begun began again.
    expect(settled.slice(0, Math.min(...lost)).every(({ status }) => status === 'fulfilled')).toBe(true);
    const begun = setting.noted().map(Number);
    expect([...begun].sort((a, b) => a - b)).toEqual([...new Set(begun)].sort((a, b) => a - b));
  });

  it('that gets SIGTERM finishes its chunks', async () => {
    const worker = await setting.startWorker({ lanes: 1 });
    const given = items.map((x) => ({ x, log: setting.log, ms: 50 }));
    const call = parMap(given, clusterTask('noted'), { engine: setting.cluster, chunk: 10, lanes: 1 });
    await setting.untilNoted('0');
    worker.kill('SIGTERM');
    expect(await call).toEqual(items);
    await saying(worker, 'closed');
  });

  it('of another release never sees the chunks', async () => {
    await setting.startWorker({ release: 'older' });
    const error = await rejectionOf(parMap(items, clusterTask('double'), { engine: setting.cluster }));
    expect(error).toMatchObject({
      code: 'ERR_FORKMAP_NO_WORKER',
      effect: 'CallableDidNotExecute',
      message: expect.stringContaining('older'),
    });
  });

  it.each([
    ['does not offer the module', {}, new URL('../fixtures/cluster/src/hidden.js', import.meta.url)],
    ['knows another secret', { secret: 'another' }, undefined],
  ])('that %s refuses', async (_, options, module) => {
    await setting.startWorker(options);
    const call = parMap(items, clusterTask('double', module), { engine: setting.cluster });
    expect(await rejectionOf(call)).toMatchObject({
      code: 'ERR_FORKMAP_CODE_MISMATCH',
      effect: 'CallableDidNotExecute',
      index: expect.any(Number),
    });
  });

  it('that knows the secret runs what is signed', async () => {
    await setting.startWorker({ secret: 's' });
    const cluster = setting.newCluster({ secret: 's' });
    try {
      expect(await parMap([1], clusterTask('double'), { engine: cluster })).toEqual([2]);
    } finally {
      await cluster.close();
    }
  });
});

it('a closure is refused before anything is sent', async () => {
  const error = await rejectionOf(parMap(items, (x: number) => x, { engine: setting.cluster }));
  expect(error).toMatchObject({ code: 'ERR_FORKMAP_UNSUPPORTED', effect: 'CallableDidNotExecute' });
});

describe('a caller', () => {
  it('that aborts leaves nothing running', async () => {
    await setting.startWorker();
    const stop = new AbortController();
    const given = items.map((x) => ({ x, log: setting.log, ms: 60_000 }));
    const call = parMap(given, clusterTask('noted'), {
      ...{ engine: setting.cluster, chunk: 1, signal: stop.signal },
    });
    await until(() => setting.noted().length >= 2);
    stop.abort(new Error('enough'));
    expect(await rejectionOf(call)).toMatchObject({ message: 'enough' });
    expect(await survivors(pidsNoted(), 5000)).toEqual([]);
  });

  it('that dies is noticed: its items end, and nothing of it stays in Redis', async () => {
    await setting.startWorker();
    const caller = setting.startProgram('calls.mjs', JSON.stringify(setting.shared), setting.log);
    await setting.untilNoted('7');
    await killed(caller);
    const redis = await import('ioredis').then(({ Redis }) => new Redis(setting.redis.url));
    const { prefix } = setting.shared;
    await until(async () => (await redis.keys(`${prefix}:{*`)).every((key) => key.includes('{workers}')));
    expect(await redis.keys(`bull:${prefix}-r1:*-*-*`)).toEqual([]);
    redis.disconnect();
  });
});

it('a Redis that is away for a while delays a call, and nothing runs twice', async () => {
  await setting.startWorker();
  const given = Array.from({ length: 40 }, (_, x) => ({ x, log: setting.log, ms: 20 }));
  const call = parMap(given, clusterTask('noted'), { engine: setting.cluster, chunk: 5 });
  await until(() => setting.noted().length >= 3);
  await setting.redis.down();
  await new Promise((resolve) => setTimeout(resolve, LEASE_MS / 2));
  await setting.redis.up();
  const settled = await call.catch((error: ForkError) => error);
  if (Array.isArray(settled)) expect(settled).toEqual(given.map(({ x }) => x));
  else expect(settled).toMatchObject({ code: 'ERR_FORKMAP_WORKER_LOST' });
  const begun = setting.noted().map((line) => line.split(' ')[0]);
  expect(begun.length).toBe(new Set(begun).size);
});
