import { spawnSync } from 'node:child_process';
import { type ForkError, parMap } from '@forkmap/pool';
import { describe, expect, test } from 'vitest';
import { ITEM_TIMEOUT_MS } from '../helpers/time.js';

/** Enough for objects to be known to come quickly, and to be sent in many frames. */
const ITEMS = 6_000;
const indices = Array.from({ length: ITEMS }, (_, i) => i);
const record = (i: number) => ({ id: i, name: `name ${i}`, half: i / 2 });

/** What results are made of: objects that come quickly, and what comes between them. */
const KINDS: Record<string, (i: number) => unknown> = {
  'objects alone': record,
  'objects, then numbers, then objects': (i) => (i > 1000 && i < 4000 ? i : record(i)),
  'objects and texts in turn': (i) => (i % 2 ? record(i) : `text ${i}`),
  'objects, now and then nothing': (i) => (i % 777 === 0 ? null : record(i)),
  'objects, now and then a promise of one': (i) => (i % 1001 === 0 ? Promise.resolve(record(i)) : record(i)),
  'objects, now and then a large one': (i) =>
    i % 1999 === 0 ? new Uint8Array(200_000).fill(i % 251) : record(i),
};

describe.each(Object.entries(KINDS))('%s', (_, fn) => {
  test.each([
    { chunk: ITEMS / 2 },
    { chunk: 'auto' },
    { chunk: 1000, isolation: 'lane' },
    { chunk: ITEMS / 2, codec: 'structured' },
    { chunk: ITEMS / 2, concurrency: 4 },
  ] as const)('arrive as they are, in order, %o', async (options) => {
    expect(await parMap(indices, fn, options)).toEqual(await Promise.all(indices.map(fn)));
  });
});

describe('where an item of many quick ones fails', () => {
  const bad = 4_321;

  test('the call fails by it', async () => {
    const fail = (i: number) => {
      if (i === bad) throw new RangeError(`at ${i}`);
      return record(i);
    };
    await expect(parMap(indices, fail, { chunk: ITEMS })).rejects.toThrow(new RangeError(`at ${bad}`));
    const settled = await parMap(indices, fail, { chunk: ITEMS, settle: true });
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(settled[bad + 1]).toEqual({ status: 'fulfilled', value: record(bad + 1) });
  });

  test('one that cannot be sent is named, and the others arrive', async () => {
    const odd = (i: number) => (i === bad ? { id: i, wait: () => i } : record(i));
    const reason = { code: 'ERR_FORKMAP_SERIALIZE', message: expect.stringContaining(`[${bad}].wait`) };
    await expect(parMap(indices, odd, { chunk: ITEMS })).rejects.toMatchObject(reason);
    const settled = await parMap(indices, odd, { chunk: ITEMS, settle: true });
    expect(settled[bad]).toMatchObject({ status: 'rejected', reason });
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(ITEMS - 1);
  });

  test('one whose `then` throws fails, and no other', async () => {
    const thorny = (i: number) =>
      i === bad
        ? {
            // biome-ignore lint/suspicious/noThenProperty: that is what is tried
            get then() {
              throw new RangeError('no');
            },
          }
        : record(i);
    const settled = await parMap(indices, thorny, { chunk: ITEMS, settle: true });
    expect(settled[bad]).toMatchObject({ status: 'rejected', reason: { message: 'no' } });
    // Before items are known to be quick, too.
    await expect(parMap([bad], thorny)).rejects.toThrow(new RangeError('no'));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(ITEMS - 1);
  });
});

describe('a child that dies after many quick objects', () => {
  const slowFrom = 3_000;
  const lethal = slowFrom + 6;

  /** The last few before it take long. WHY another kills it: process.kill() has sent what is there before. */
  const die = (i: number) => {
    if (i === lethal) spawnSync('kill', ['-KILL', String(process.pid)]);
    if (i >= slowFrom && i < lethal) for (const until = performance.now() + 5; performance.now() < until; );
    return record(i);
  };

  test('has lost none that was there before a slow item', async () => {
    const settled = await parMap(indices, die, { chunk: ITEMS, lanes: 1, settle: true });
    const rejected = settled.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []));
    expect(rejected).toEqual([lethal]);
    expect(settled[lethal - 1]).toEqual({ status: 'fulfilled', value: record(lethal - 1) });
  });
});

test('an item that takes too long ends alone, however quick those before it were', async () => {
  const stuck = 2000;
  const settled = await parMap(
    indices,
    (i) => {
      while (i === stuck);
      return record(i);
    },
    { chunk: ITEMS, itemTimeout: ITEM_TIMEOUT_MS, settle: true },
  );
  expect(settled[stuck]).toMatchObject({ status: 'rejected', reason: { code: 'ERR_FORKMAP_TIMEOUT' } });
  const lost = settled.flatMap(({ status }, i) => (status === 'rejected' && i !== stuck ? [i] : []));
  for (const i of lost) expect(i).toBeLessThan(stuck);
  expect(settled.slice(stuck + 1).every(({ status }) => status === 'fulfilled')).toBe(true);
});

test('what is there before the function signals its own process is sent, and what comes after it too', async () => {
  const signal = (i: number) => {
    if (i % 1500 === 700) process.kill(process.pid, 'SIGWINCH');
    return record(i);
  };
  const expected = indices.map(record);
  expect(await parMap(indices, signal, { chunk: ITEMS / 2 })).toEqual(expected);
  expect(await parMap(indices, signal, { chunk: ITEMS, retries: 2 })).toEqual(expected);
});

test('large results after many small ones do not pile up in the child', async () => {
  const MIB = 2 ** 20;
  const large = new Uint8Array(MIB).fill(1);
  const items = indices.slice(0, 4_400);
  const grow = (i: number) => (i < 4000 ? record(i) : large.subarray(0, MIB - i));
  const results = await parMap(items, grow, { chunk: items.length, lanes: 1, memoryLimit: 200 * MIB });
  expect(results.filter((result) => result instanceof Uint8Array)).toHaveLength(400);
});

test('where thousands of results cannot be sent, each item is told so', async () => {
  // WHY undefined first: results that are known to be small are sent in batches of tens of thousands.
  const settled = await parMap(
    [...indices, ...indices, ...indices],
    (_, at) => (at < ITEMS ? undefined : Symbol()),
    {
      chunk: 3 * ITEMS,
      lanes: 1,
      settle: true,
    },
  );
  const fates = settled.map((result) =>
    result.status === 'fulfilled' ? 'sent' : (result.reason as ForkError).code,
  );
  expect(new Set(fates.slice(0, ITEMS))).toEqual(new Set(['sent']));
  expect(new Set(fates.slice(ITEMS))).toEqual(new Set(['ERR_FORKMAP_SERIALIZE']));
});

test('what can be sent between results that cannot, is', async () => {
  const settled = await parMap(indices, (i) => (i % 700 < 30 ? Symbol() : { i }), {
    chunk: ITEMS,
    lanes: 1,
    settle: true,
  });
  const expected = indices.map((i) => (i % 700 < 30 ? undefined : { i }));
  expect(settled.map((result) => (result.status === 'fulfilled' ? result.value : undefined))).toEqual(
    expected,
  );
});
