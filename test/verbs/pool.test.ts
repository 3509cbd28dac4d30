import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { countHoldings, expectNoLeaks } from '../helpers/leaks.js';
import { rejectionOf, thrownBy, warmPool } from '../helpers/runs.js';

expectNoLeaks(() => warmPool(8));

const list = Array.from({ length: 24 }, (_, i) => i);

describe('Pool', () => {
  it('has every verb, with its own defaults', async () => {
    const pool = new Pool({ lanes: 2, chunk: 5, name: 'ours' });
    expect(pool.lanes).toBe(2);
    expect(await pool.parMap(list, (x) => x + 1)).toEqual(list.map((x) => x + 1));
    expect(
      await pool
        .par(list)
        .map((x) => x * 2)
        .sum(),
    ).toBe(552);
    expect(await pool.parFilter(list, (x) => x > 20)).toEqual([21, 22, 23]);
    expect(await pool.parFlatMap(list, (x) => [x, x])).toHaveLength(48);
    expect(await pool.parReduce(list, (a, b) => a + b, 0)).toBe(276);
    expect(await pool.parSome(list, (x) => x === 3)).toBe(true);
    expect(await pool.parEvery(list, (x) => x < 3)).toBe(false);
    expect(await pool.parFind(list, (x) => x > 7)).toBe(8);
    expect(await pool.parFindIndex(list, (x) => x > 7)).toBe(8);
    expect(await pool.parSort(list, (a, b) => b - a)).toEqual([...list].reverse());
    expect((await pool.parGroupBy(list, (x) => x % 2)).get(1)).toHaveLength(12);
    expect(
      await pool.join(
        () => 1,
        () => 'a',
      ),
    ).toEqual([1, 'a']);
    expect(await pool.parForEach(list, () => 1)).toBeUndefined();
    const streamed: number[] = [];
    for await (const x of pool.parStream(list, (x) => x)) streamed.push(x);
    expect(streamed).toEqual(list);
    const died = await rejectionOf(pool.parMap(list, (x) => (x === 7 ? process.exit(2) : x)));
    expect(died).toMatchObject({ message: expect.stringContaining('ours'), chunk: { start: 5, end: 10 } });
    await pool.close();
  });

  it('lays the options of a call over its own', async () => {
    const pool = new Pool({ lanes: 2, chunk: 5 });
    const pids = await pool.parMap(list, () => process.pid, { chunk: 12 });
    expect(new Set(pids).size).toBe(2);
    expect(new Set(await pool.parMap(list, () => process.pid, { chunk: undefined })).size).toBe(5);
  });

  it('never has more children at work than lanes, whatever its calls ask for', async () => {
    const pool = new Pool({ lanes: 2, chunk: 1 });
    const most = { children: 0 };
    const ticker = setInterval(() => {
      const running = pool.stats().chunks;
      most.children = Math.max(most.children, running);
    }, 5);
    const began = (x: number) => {
      const at = performance.timeOrigin + performance.now();
      for (const end = performance.now() + 15; performance.now() < end; );
      return { x, began: at, ended: performance.timeOrigin + performance.now() };
    };
    const calls = await Promise.all([1, 2, 3].map(() => pool.parMap(list.slice(0, 6), began, { lanes: 5 })));
    clearInterval(ticker);
    const spans = calls.flat();
    for (const { began: at } of spans) {
      expect(spans.filter((other) => other.began <= at && at < other.ended).length).toBeLessThanOrEqual(2);
    }
  });

  it('shares its lanes fairly: a short call does not wait for a long one to end', async () => {
    const pool = new Pool({ lanes: 2, chunk: 1 });
    const busy = (x: number) => {
      for (const end = performance.now() + 10; performance.now() < end; );
      return x;
    };
    let isLongOver = false;
    const long = pool
      .parMap(
        Array.from({ length: 60 }, (_, i) => i),
        busy,
      )
      .then(() => {
        isLongOver = true;
      });
    await sleep(60);
    await pool.parMap([1, 2, 3], busy);
    expect(isLongOver).toBe(false);
    await long;
  });

  it('counts what its calls did', async () => {
    const pool = new Pool({ lanes: 2, chunk: 6 });
    await pool.parMap(list, (x) => x);
    const kill = (x: number) => (x === 8 ? process.kill(process.pid, 'SIGKILL') : x);
    await rejectionOf(pool.parMap(list, kill, { retries: 1 }));
    await pool.parMap(list, (x) => x, { lanes: 0 });
    const stats = pool.stats();
    expect(stats).toMatchObject({ calls: 3, running: 0, retries: 1, deaths: 2 });
    expect(stats.chunks).toBeGreaterThanOrEqual(6);
    expect(stats.forks).toBe(stats.chunks);
    expect(stats.bytes).toBeGreaterThan(100);
    for (const { p50, p99 } of [stats.forkMs, stats.chunkMs]) {
      expect(p50).toBeGreaterThan(0);
      expect(p99).toBeGreaterThanOrEqual(p50);
    }
    expect(new Pool().stats()).toMatchObject({ calls: 0, chunks: 0, forkMs: { p50: 0, p99: 0 } });
  });

  it('lets a stopped call go at once, though others have the lanes', async () => {
    const pool = new Pool({ lanes: 1, chunk: 1 });
    const controller = new AbortController();
    const hold = pool.parMap([1], () => new Promise((done) => setTimeout(done, 600)));
    await sleep(30);
    const waiting = pool.parMap(list, (x) => x, { signal: controller.signal });
    await sleep(30);
    const beganMs = performance.now();
    controller.abort('gone');
    expect(await rejectionOf(waiting)).toBe('gone');
    expect(performance.now() - beganMs).toBeLessThan(400);
    await hold;
  });
});

describe('close()', () => {
  it('waits for running calls, and takes no more', async () => {
    const pool = new Pool({ lanes: 2 });
    let isOver = false;
    const running = pool
      .parMap(list, async (x) => x)
      .then(() => {
        isOver = true;
      });
    const chain = pool.par(list);
    const closing = pool.close();
    expect(await rejectionOf(pool.parMap(list, (x) => x))).toMatchObject({ code: 'ERR_INVALID_STATE' });
    expect(await rejectionOf(chain.sum())).toMatchObject({ code: 'ERR_INVALID_STATE' });
    expect(thrownBy(() => pool.par(list))).toMatchObject({ code: 'ERR_INVALID_STATE' });
    await closing;
    expect(isOver).toBe(true);
    await running;
    await pool.close();
  });

  it('is what `await using` does', async () => {
    let closed: Pool;
    {
      await using pool = new Pool({ lanes: 2 });
      closed = pool;
      expect(await pool.parMap([1], (x) => x)).toEqual([1]);
    }
    expect(await rejectionOf(closed.parMap([1], (x) => x))).toMatchObject({ code: 'ERR_INVALID_STATE' });
  });
});

it('free functions at the same time share the lanes of this machine, and each has at least one', async () => {
  const overlap = () => {
    for (const end = performance.now() + 40; performance.now() < end; );
    return true;
  };
  const calls = await Promise.all(Array.from({ length: 4 }, () => parMap([1, 2], overlap, { chunk: 1 })));
  expect(calls.flat()).toEqual(Array(8).fill(true));
  expect(countHoldings().get('child') ?? []).toEqual([]);
});
