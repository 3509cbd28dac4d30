import { Pool, par, parMap, sharedArray } from '@forkmap/pool';
import { describe, expect, test } from 'vitest';

const ITEMS = 4000;
const indices = Array.from({ length: ITEMS }, (_, i) => i);

function spin(ms: number) {
  for (const end = performance.now() + ms; performance.now() < end; );
}

/** All the work is in the last tenth: the lane that has it cannot be done as soon as the others. */
const uneven = (i: number) => (i >= ITEMS * 0.9 ? spin(2) : undefined);

describe.each([
  ['auto', 'chunk'],
  ['auto', 'lane'],
  ['auto', 'auto'],
  [undefined, undefined],
] as const)('chunk: %s, isolation: %s', (chunk, isolation) => {
  test('splits a chunk for lanes that have nothing to do, and runs every item once', async () => {
    const runs = sharedArray(Int32Array, ITEMS);
    await using pool = new Pool({ lanes: 2, chunk, isolation });
    const results = await pool.parMap(indices, (i) => {
      uneven(i);
      Atomics.add(runs, i, 1);
      return i * 2;
    });
    expect(results).toEqual(indices.map((i) => i * 2));
    expect(runs.every((count) => count === 1)).toBe(true);
    expect(pool.stats().chunks).toBeGreaterThan(2);
  });

  test('runs every item once where lanes take from each other all the time', async () => {
    const runs = sharedArray(Int32Array, 500);
    const fn = async (i: number) => {
      Atomics.add(runs, i, 1);
      if (i % 3 === 0) await new Promise((done) => setTimeout(done, 1));
      else spin((i * 7919) % 5);
      return `${i}`;
    };
    const results = await parMap({ length: 500 } as ArrayLike<unknown>, (_, i) => fn(i), {
      ...{ lanes: 4, chunk, isolation, concurrency: 3 },
    });
    expect(results).toEqual(indices.slice(0, 500).map(String));
    expect(runs.every((count) => count === 1)).toBe(true);
  });

  test('sums, filters and finds as a serial loop does', async () => {
    const options = { lanes: 3, chunk, isolation } as const;
    const slow = (i: number) => {
      uneven(i);
      return i;
    };
    expect(await par(indices, options).map(slow).sum()).toBe((ITEMS * (ITEMS - 1)) / 2);
    const even = await par(indices, options)
      .map(slow)
      .filter((i) => i % 2 === 0)
      .collect();
    expect(even).toEqual(indices.filter((i) => i % 2 === 0));
    expect(
      await par(indices, options)
        .map(slow)
        .find((i) => i > 3900),
    ).toBe(3901);
  });

  test('a child that dies loses one item, whoever has the rest', async () => {
    const lethal = ITEMS - 50;
    const fn = (i: number) => {
      uneven(i);
      if (i === lethal) process.kill(process.pid, 'SIGKILL');
      return i;
    };
    const results = await parMap(indices, fn, { lanes: 2, chunk, isolation, settle: true });
    const failed = results.flatMap((result, i) => (result.status === 'rejected' ? [i] : []));
    expect(failed).toEqual([lethal]);
  });

  test('results of many MiB come home in parts, and whole', async () => {
    const bytes = 256 * 1024;
    const results = await parMap(indices.slice(0, 60), (i) => new Uint8Array(bytes).fill(i), {
      ...{ lanes: 2, chunk, isolation },
    });
    expect(results.map((result) => [result.length, result[0], result.at(-1)])).toEqual(
      results.map((_, i) => [bytes, i, i]),
    );
  });
});
