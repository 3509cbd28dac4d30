/** What a call does that says nothing about chunks. */
import { availableParallelism } from 'node:os';
import { type Explanation, join, Pool, par, parMap, parStream, sharedArray } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';

expectNoLeaks(() => warmPool(8));

const range = (length: number) => Array.from({ length }, (_, i) => i);

const NOBODY_WAKES = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Comes back when so many are in it at the same time: never, where they run one after the other. */
function meeting(size: number) {
  const there = sharedArray(Int32Array, 1);
  return () => {
    for (Atomics.add(there, 0, 1); Atomics.load(there, 0) < size; ) Atomics.wait(NOBODY_WAKES, 0, 0, 1);
    return process.pid;
  };
}

async function explained(run: (explain: (explanation: Explanation) => void) => Promise<unknown>) {
  let told: Explanation | undefined;
  await run((explanation) => {
    told = explanation;
  });
  return told as Explanation;
}

describe('a list that is shorter than a chunk', () => {
  it.each([2, 3])('uses %i lanes for as many items', async (lanes) => {
    const meet = meeting(lanes);
    expect(new Set(await parMap(range(lanes), () => meet(), { lanes })).size).toBe(lanes);
  });

  it('uses all lanes, with a share each', async () => {
    const meet = meeting(2);
    const told = await explained((explain) =>
      parMap(range(300), (i) => (i % 150 === 0 ? meet() : i), { lanes: 2, explain }),
    );
    expect(told).toMatchObject({ lanes: 2, deaths: 0 });
    expect(told.chunkItems[1]).toBeLessThanOrEqual(150);
  });

  it('does so for chains, streams, pools and join', async () => {
    const twice = async (run: (meet: () => number) => Promise<unknown>) => run(meeting(2));
    const fn = (meet: () => number) => (i: number) => (i % 5 === 0 ? meet() : i);
    await twice((meet) => par(range(10), { lanes: 2 }).map(fn(meet)).filter(Boolean).collect());
    await twice((meet) => par(range(10), { lanes: 2 }).map(fn(meet)).sum());
    await twice(async (meet) => {
      for await (const _ of parStream(range(10), fn(meet), { lanes: 2 }));
    });
    await using pool = new Pool({ lanes: 2 });
    await twice((meet) => pool.parForEach(range(10), fn(meet)));
    await twice((meet) => pool.join(meet, meet));
    if (availableParallelism() > 1) await twice((meet) => join(meet, meet));
  });
});

describe('a long list', () => {
  it('is cut into chunks of 512', async () => {
    const { chunkItems, chunks } = await explained((explain) =>
      parMap(range(2000), (i) => i, { lanes: 2, explain }),
    );
    expect(chunkItems[1]).toBe(512);
    expect(chunks).toBeGreaterThanOrEqual(4);
  });

  it('has children that go on with their next chunk where these are quick', async () => {
    await using pool = new Pool({ lanes: 1 });
    const results = await pool.parMap(range(15_360), (i) => i * 2);
    expect(results).toEqual(range(15_360).map((i) => i * 2));
    const { chunks, forks } = pool.stats();
    expect(forks).toBeLessThan(chunks);
  });

  it('has a fresh child where the one before has lived long enough for its birth', async () => {
    const calledMs = performance.now();
    const pids = await parMap(
      range(1024),
      (i) => {
        // No birth took longer than this one and all that came before it.
        const untilMs = performance.now() + 60 * (performance.now() - calledMs);
        if (i === 0) while (performance.now() < untilMs);
        return process.pid;
      },
      { lanes: 1 },
    );
    expect(pids[511]).toBe(pids[0]);
    expect(pids[512]).not.toBe(pids[0]);
  });

  it('has a fresh child where the one before has taken much memory', async () => {
    const taken: Buffer[] = [];
    const take = (i: number) => {
      if (i === 0) taken.push(Buffer.alloc(192 * 2 ** 20, 1));
      return [process.pid, taken.length];
    };
    const results = await parMap(range(1024), take, { lanes: 1 });
    expect(results[511]).toEqual([results[0]?.[0], 1]);
    expect(results[512]?.[0]).not.toBe(results[0]?.[0]);
    expect(results[512]?.[1]).toBe(0);
  });

  it('loses one item where a child dies, whichever of its chunks it has', async () => {
    const lethal = 5000;
    const results = await parMap(
      range(10_000),
      (i) => {
        if (i === lethal) process.kill(process.pid, 'SIGKILL');
        return i;
      },
      { lanes: 2, settle: true },
    );
    expect(results.flatMap((result, i) => (result.status === 'rejected' ? [i] : []))).toEqual([lethal]);
  });

  it('lays no memory that earlier chunks have left to an item that would have kept to the limit', async () => {
    const taken: Buffer[] = [];
    const take = (i: number) => {
      if (i % 512 === 0) taken.push(Buffer.alloc(96 * 2 ** 20, 1));
      return i;
    };
    const results = await parMap(range(1024), take, { lanes: 1, memoryLimit: 160 * 2 ** 20 });
    expect(results).toEqual(range(1024));
  });

  it('draws the same random numbers for each item as with any other chunk', async () => {
    const draw = () => Math.random();
    const seeded = await parMap(range(3000), draw, { lanes: 2, seed: 7 });
    expect(seeded).toEqual(await parMap(range(3000), draw, { lanes: 1, seed: 7, chunk: 1500 }));
  });
});

describe('a chunk that is given', () => {
  it('is exact, and has a child of its own', async () => {
    await using pool = new Pool({ lanes: 2 });
    const pids = await pool.parMap(range(300), () => process.pid, { chunk: 100 });
    expect([0, 100, 200].map((i) => new Set(pids.slice(i, i + 100)).size)).toEqual([1, 1, 1]);
    expect(new Set(pids).size).toBe(3);
    expect(pool.stats()).toMatchObject({ chunks: 3, forks: 3 });
  });
});

describe('where the cut counts', () => {
  const fractions = range(5000).map((i) => 1 / (i + 1));

  it('the same list comes to the same sum each time', async () => {
    const lanes = 3;
    const length = Math.ceil(fractions.length / (lanes * 4));
    const parts = range(lanes * 4).map((at) =>
      fractions.slice(at * length, (at + 1) * length).reduce((sum, x) => sum + x, 0),
    );
    const expected = parts.reduce((sum, part) => sum + part, 0);
    for (let run = 0; run < 3; run++) expect(await par(fractions, { lanes }).sum()).toBe(expected);
    expect(await par(fractions, { lanes, chunk: 'auto' }).sum()).toBe(expected);
    expect(await par(fractions, { lanes }).reduce((a, b) => a + b, 0)).toBe(expected);
  });

  it('folds into the same number of values each time', async () => {
    const folded = par(range(100), { lanes: 2 }).fold(
      () => 0,
      (sum: number, i) => sum + i,
    );
    expect(await folded.collect()).toHaveLength(8);
  });
});
