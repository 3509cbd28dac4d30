/** Children of a kept function: how they die, and who notices. */
import { writeSync } from 'node:fs';
import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { keep, Pool, sharedArray } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../helpers/garbage.js';
import { expectNoLeaks } from '../helpers/leaks.js';
import { isAlive, parentOf, survivors } from '../helpers/processes.js';
import { scaled, sleepForEver } from '../helpers/time.js';

expectNoLeaks(async () => {
  await using warm = await keep(() => 1, { lanes: 1 });
  await warm();
});

const KILLS = {
  SIGKILL: [() => kill(process.pid, 'SIGKILL'), { code: 'ERR_FORKMAP_KILLED', signal: 'SIGKILL' }],
  'process.exit()': [() => process.exit(3), { code: 'ERR_FORKMAP_EXITED', exitCode: 3 }],
  'process.abort()': [() => process.abort(), { code: 'ERR_FORKMAP_KILLED', signal: 'SIGABRT' }],
} as const;

describe.each(Object.entries(KILLS))('a child that ends by %s', (_, [end, error]) => {
  it('fails the call that it was at, and no other', async () => {
    await using kept = await keep(
      (index: number) => {
        if (index % 5 === 2) end();
        return index;
      },
      { lanes: 2, stdio: 'ignore' },
    );
    const results = await Promise.allSettled(Array.from({ length: 25 }, (_, index) => kept(index)));
    for (const [index, result] of results.entries()) {
      if (index % 5 !== 2) expect(result).toEqual({ status: 'fulfilled', value: index });
      else
        expect(result).toMatchObject({
          status: 'rejected',
          reason: { ...error, effect: 'CallableStatusUnknown' },
        });
    }
    expect(kept.stats()).toMatchObject({ done: 25, failed: 5 });
  });
});

it('with retries, a call whose child has died is begun again, and is counted', async () => {
  await using kept = await keep(() => kill(process.pid, 'SIGKILL'), { lanes: 1, retries: 2 });
  await expect(kept()).rejects.toMatchObject({ code: 'ERR_FORKMAP_KILLED' });
  expect(kept.stats().replaced).toBe(3);
});

it('itemTimeout ends a call that never would, and its child; others go on', async () => {
  await using kept = await keep((hangs: boolean) => (hangs ? sleepForEver() : process.pid), {
    lanes: 1,
    itemTimeout: scaled(100),
  });
  const pid = await kept(false);
  const calls = await Promise.allSettled([kept(true), kept(false)]);
  expect(calls[0]).toMatchObject({
    reason: { code: 'ERR_FORKMAP_TIMEOUT', effect: 'CallableStatusUnknown' },
  });
  expect(calls[1]).toMatchObject({ status: 'fulfilled' });
  expect((calls[1] as PromiseFulfilledResult<number>).value).not.toBe(pid);
  expect(isAlive(pid)).toBe(false);
});

it('a call that is killed for its itemTimeout takes with it those in flight beside it', async () => {
  await using kept = await keep((ms: number) => sleep(ms), {
    lanes: 1,
    concurrency: 2,
    itemTimeout: scaled(300),
  });
  const slow = kept(60_000);
  const pause = sleep(scaled(200));
  const beside = pause.then(() => kept(50_000));
  await expect(slow).rejects.toMatchObject({ code: 'ERR_FORKMAP_TIMEOUT' });
  await expect(beside).rejects.toMatchObject({ code: 'ERR_FORKMAP_KILLED', effect: 'CallableStatusUnknown' });
});

describe.each(['timeout', 'signal'] as const)('%s', (option) => {
  const MS = scaled(50);
  const options = () => (option === 'timeout' ? { timeout: MS } : { signal: AbortSignal.timeout(MS) });

  it('kills the child of a call that runs', async () => {
    await using kept = await keep((hangs: boolean) => (hangs ? sleepForEver() : process.pid), { lanes: 1 });
    const pid = await kept(false);
    const error = await kept.run([true], options()).catch((reason: unknown) => reason);
    if (option === 'timeout')
      expect(error).toMatchObject({ code: 'ERR_FORKMAP_TIMEOUT', effect: 'CallableStatusUnknown' });
    else expect(error).toMatchObject({ name: 'TimeoutError' });
    expect(await kept(false)).not.toBe(pid);
  });

  it('removes a call that waits, which does not run', async () => {
    const letGo = new AbortController();
    const ran = sharedArray(Int32Array, 1);
    await using kept = await keep((hangs: boolean) => (hangs ? sleepForEver() : Atomics.add(ran, 0, 1)), {
      lanes: 1,
    });
    const running = kept.run([true], { signal: letGo.signal });
    const error = await kept.run([false], options()).catch((reason: unknown) => reason);
    if (option === 'timeout')
      expect(error).toMatchObject({
        code: 'ERR_FORKMAP_TIMEOUT',
        effect: 'CallableDidNotExecute',
        retryable: true,
      });
    else expect(error).toMatchObject({ name: 'TimeoutError' });
    expect(kept.queueSize).toBe(0);
    letGo.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(await kept(false)).toBe(0);
  });
});

it('an aborted signal ends nothing: the call is not made', async () => {
  await using kept = await keep(() => 1, { lanes: 1 });
  await expect(kept.run([], { signal: AbortSignal.abort('no') })).rejects.toBe('no');
  expect(kept.stats().done).toBe(0);
});

it('memoryLimit ends the call that takes too much, and its child', async () => {
  const taken: Buffer[] = [];
  const take = (mib: number) => {
    for (let i = 0; i < mib; i++) taken.push(Buffer.alloc(2 ** 20, 1));
    if (mib > 100) sleepForEver();
    return process.pid;
  };
  await using kept = await keep(take, { lanes: 1, memoryLimit: 150 * 2 ** 20 });
  const pid = await kept(1);
  await expect(kept(400)).rejects.toMatchObject({ code: 'ERR_FORKMAP_MEMORY_LIMIT' });
  expect(await kept(1)).not.toBe(pid);
});

it('what is over memoryLimit between two calls is not laid to the second', async () => {
  const taken: Buffer[] = [];
  const take = (mib: number) => {
    for (let i = 0; i < mib; i++) taken.push(Buffer.alloc(2 ** 20, 1));
    return process.pid;
  };
  await using kept = await keep(take, { lanes: 1, memoryLimit: 40 * 2 ** 20 });
  const pids = new Set<number>();
  for (let i = 0; i < 6; i++) pids.add(await kept(20).catch(() => 0));
  expect(pids.size).toBeGreaterThan(1);
});

it('maxCalls: a child is replaced after so many calls, give or take a tenth', async () => {
  await using kept = await keep(() => process.pid, { lanes: 1, maxCalls: 20 });
  const calls = new Map<number, number>();
  for (let i = 0; i < 100; i++) {
    const pid = await kept();
    calls.set(pid, (calls.get(pid) ?? 0) + 1);
  }
  const counts = [...calls.values()].slice(0, -1);
  expect(counts.length).toBeGreaterThanOrEqual(4);
  for (const count of counts) {
    expect(count).toBeGreaterThanOrEqual(18);
    expect(count).toBeLessThanOrEqual(22);
  }
});

it("isolation 'call': each call has a fresh child", async () => {
  let calls = 0;
  await using kept = await keep(() => [++calls, process.pid] as const, { lanes: 2, isolation: 'call' });
  const results = await Promise.all(Array.from({ length: 10 }, () => kept()));
  expect(results.map(([count]) => count)).toEqual(Array(10).fill(1));
  expect(new Set(results.map(([, pid]) => pid)).size).toBe(10);
});

it('idleTimeout: children that have nothing to do end, and are there again when needed', async () => {
  await using kept = await keep(() => process.pid, { lanes: 2, idleTimeout: scaled(20) });
  const pid = await kept();
  while (kept.stats().children > 0) await sleep(5);
  expect(await survivors([pid], 1_000)).toEqual([]);
  expect(await kept()).not.toBe(pid);
});

it('a snapshot that is gone is told of, and replaced by refresh() alone', async () => {
  const begun = sharedArray(Int32Array, 1);
  const act = (what: 'parent' | 'hang') => {
    if (what === 'parent') return process.ppid;
    begun[0] = 1;
    return sleepForEver();
  };
  await using kept = await keep(act, { lanes: 1 });
  const snapshot = await kept('parent');
  expect(parentOf(snapshot)).toBe(process.pid);
  const hanging = kept('hang');
  const waiting = kept('parent');
  while (begun[0] === 0) await sleep(1);
  kill(snapshot, 'SIGKILL');
  await expect(hanging).rejects.toMatchObject({ effect: 'CallableStatusUnknown' });
  await expect(waiting).rejects.toMatchObject({ code: 'ERR_FORKMAP_FORK', effect: 'CallableDidNotExecute' });
  await expect(kept('parent')).rejects.toMatchObject({ code: 'ERR_FORKMAP_FORK', retryable: true });
  await kept.refresh();
  expect(await kept('parent')).not.toBe(snapshot);
});

describe('refresh()', () => {
  it('freezes the present state, and old calls end in the old children', async () => {
    let version = 1;
    await using kept = await keep((ms: number) => sleep(ms).then(() => version), { lanes: 2 });
    expect(await kept(0)).toBe(1);
    version = 2;
    const old = kept(scaled(50));
    await kept.refresh();
    expect(await kept(0)).toBe(2);
    expect(await old).toBe(1);
  });

  it('loses no call, and begins none twice, in the middle of calls', async () => {
    await using kept = await keep((index: number) => index, { lanes: 2 });
    let next = 0;
    const results: number[] = [];
    const caller = async () => {
      while (next < 400) results.push(await kept(next++));
    };
    const refreshes = (async () => {
      for (let i = 0; i < 5; i++) await kept.refresh();
    })();
    await Promise.all([caller(), caller(), caller(), refreshes]);
    expect(results.sort((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, i) => i));
    expect(kept.stats()).toMatchObject({ failed: 0, done: 400 });
  });
});

describe('the queue', () => {
  it('refuses more calls than maxQueue', async () => {
    const letGo = new AbortController();
    await using kept = await keep((hangs: boolean) => (hangs ? sleepForEver() : 1), {
      lanes: 1,
      maxQueue: 2,
    });
    const running = kept.run([true], { signal: letGo.signal });
    const waiting = [kept(false), kept(false)];
    expect(kept.queueSize).toBe(2);
    await expect(kept(false)).rejects.toMatchObject({
      code: 'ERR_FORKMAP_QUEUE_FULL',
      effect: 'CallableDidNotExecute',
      retryable: true,
    });
    letGo.abort();
    await expect(running).rejects.toThrow();
    expect(await Promise.all(waiting)).toEqual([1, 1]);
  });

  it('is first in, first out, by priority', async () => {
    const letGo = new AbortController();
    const order: string[] = [];
    await using kept = await keep((name: string) => (name === 'hang' ? sleepForEver() : name), { lanes: 1 });
    const running = kept.run(['hang'], { signal: letGo.signal });
    const call = (name: string, priority?: number) =>
      kept.run([name], { ...(priority !== undefined && { priority }) }).then((done) => order.push(done));
    const calls = [call('a'), call('low', -1), call('b'), call('high', 5), call('higher', 7), call('c', 0)];
    letGo.abort();
    await expect(running).rejects.toThrow();
    await Promise.all(calls);
    expect(order).toEqual(['higher', 'high', 'a', 'b', 'c', 'low']);
  });
});

it('stats() tells what was done, how long it took, and what is held', async () => {
  await using kept = await keep((fails: boolean) => (fails ? process.exit(1) : 1), { lanes: 1 });
  await kept(false);
  await expect(kept(true)).rejects.toThrow();
  const { waitingMs, runningMs, age, memory, ...counts } = kept.stats();
  expect(counts).toMatchObject({ queued: 0, running: 0, done: 2, failed: 1, replaced: 1 });
  for (const { p50, p95, p99 } of [waitingMs, runningMs]) {
    expect(p50).toBeGreaterThan(0);
    expect(p95).toBeGreaterThanOrEqual(p50);
    expect(p99).toBeGreaterThanOrEqual(p95);
  }
  expect(age).toBeGreaterThan(0);
  expect(memory).toBeGreaterThan(2 ** 20);
});

it("stdio 'capture': what a call wrote before its child died is on its error", async () => {
  await using kept = await keep(
    (text: string) => {
      writeSync(1, `${text}\n`);
      writeSync(2, `error of ${text}\n`);
      if (text === 'last') kill(process.pid, 'SIGKILL');
    },
    { lanes: 1, stdio: 'capture' },
  );
  await kept('first');
  await expect(kept('last')).rejects.toMatchObject({
    stdout: expect.stringContaining('last\n'),
    stderr: expect.stringContaining('error of last\n'),
  });
});

describe('close()', () => {
  it('waits for the calls that were made, and takes no more', async () => {
    const kept = await keep((ms: number) => sleep(ms, ms), { lanes: 1 });
    const calls = [kept(20), kept(10)];
    const closed = kept.close();
    await expect(kept(1)).rejects.toMatchObject({ code: 'ERR_INVALID_STATE' });
    await closed;
    expect(await Promise.all(calls)).toEqual([20, 10]);
    expect(kept.stats()).toMatchObject({ children: 0, queued: 0, running: 0 });
    await kept.close();
    await expect(kept.refresh()).rejects.toMatchObject({ code: 'ERR_INVALID_STATE' });
  });

  it('again and again leaves nothing', async () => {
    for (let i = 0; i < 20; i++) {
      await using kept = await keep(() => i, { lanes: 2 });
      expect(await kept()).toBe(i);
    }
  });
});

it('a kept function that nobody holds any more is closed', async () => {
  const pids = await (async () => {
    const kept = await keep(() => [process.pid, process.ppid], { lanes: 1 });
    return kept();
  })();
  for (let i = 0; i < 100 && pids.some(isAlive); i++) {
    collectGarbage();
    await sleep(10);
  }
  expect(await survivors(pids, 1_000)).toEqual([]);
});

describe('new Pool().keep', () => {
  it('runs on the lanes of its pool, beside its other calls', async () => {
    await using pool = new Pool({ lanes: 1, name: 'of the pool' });
    const kept = await pool.keep((x: number) => x + 1);
    const both = Promise.all([pool.parMap([1, 2, 3], (x) => x * 2), kept(1), kept(2)]);
    expect(await both).toEqual([[2, 4, 6], 2, 3]);
    expect(kept.stats().children).toBe(1);
  });

  it('is closed with its pool', async () => {
    const pool = new Pool({ lanes: 1 });
    const kept = await pool.keep(() => process.pid);
    const pid = await kept();
    await pool.close();
    expect(isAlive(pid)).toBe(false);
    await expect(kept()).rejects.toMatchObject({ code: 'ERR_INVALID_STATE' });
    await expect(pool.keep(() => 1)).rejects.toMatchObject({ code: 'ERR_INVALID_STATE' });
  });
});
