/** Memory that children share: written in place, whatever kind of array it is, and freed with the last reference. */
import { constants } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { forkMap, forkMapSync, par, parMap, sharedArray } from '@forkmap/pool';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { summarize } from '../../bench/stats.js';
import { collectGarbage } from '../helpers/garbage.js';
import { HAS_HUGE_PAGES, hugeMib } from '../helpers/huge-pages.js';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';

expectNoLeaks(() => warmPool(2));

const KINDS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
] as const;

describe('sharedArray()', () => {
  it.each(KINDS)('%o: is zero at first, and holds what children have written', async (kind) => {
    const out = sharedArray(kind, 100);
    expect(out).toBeInstanceOf(kind);
    expect(out).toEqual(new kind(100));
    await parMap(out, (_, i) => out.fill(i, i, i + 1).length, { chunk: 10 });
    expect([...out]).toEqual([...new kind(100).keys()]);
  });

  it.each([BigInt64Array, BigUint64Array])('%o: so do these, of bigints', async (kind) => {
    const out = sharedArray(kind, 100);
    await parMap(Array.from(out.keys()), (i) => out.fill(BigInt(i) ** 9n, i, i + 1).length, { chunk: 10 });
    expect([...out]).toEqual(Array.from({ length: 100 }, (_, i) => BigInt(i) ** 9n));
  });

  it('can be made of a list', () => {
    expect(sharedArray(Float64Array, [1, 2.5, Number.NaN])).toEqual(Float64Array.of(1, 2.5, Number.NaN));
    expect(sharedArray(Uint8Array, new Set([1, 2, 300]))).toEqual(Uint8Array.of(1, 2, 44));
    expect(sharedArray(Int32Array, 0)).toHaveLength(0);
  });

  it('is refused where it would be larger than an array can be', () => {
    const most = constants.MAX_LENGTH / Float64Array.BYTES_PER_ELEMENT;
    expect(() => sharedArray(Float64Array, Math.floor(most) + 1)).toThrow(RangeError);
  });

  it('of which little is used takes little, however large it is', async () => {
    const sparse = sharedArray(Uint8Array, 2 ** 30);
    const before = sharedMib();
    await parMap([0, 1, 2, 3], (i) => sparse.fill(1, i, i + 1).length);
    expect(sharedMib() - before).toBeLessThan(32);
  });

  it('is shared across calls, kinds of children, nested calls and promises', async () => {
    const out = sharedArray(Int32Array, 6);
    const note = (i: number) => {
      out[i] = i + 1;
    };
    forkMapSync(() => note(0));
    await forkMap(async () => {
      await turn();
      note(1);
    });
    await parMap([2], async (i) => parMap([i], note));
    await par([3]).forEach(note);
    await parMap([4, 5], note, { isolation: 'lane', chunk: 1 });
    expect([...out]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('counts what several children add with Atomics', async () => {
    const sum = sharedArray(Int32Array, 1);
    await parMap(
      Array.from({ length: 1_000 }, (_, i) => i),
      () => void Atomics.add(sum, 0, 1),
      { chunk: 50, lanes: 4 },
    );
    expect(sum[0]).toBe(1_000);
  });

  it('is freed with the last reference', async () => {
    collectGarbage();
    await turn();
    const before = mappedMib();
    const mibWithIt = () => (sharedArray(Uint8Array, 64 * 2 ** 20).length > 0 ? mappedMib() : 0);
    expect(mibWithIt() - before).toBeGreaterThanOrEqual(64);
    // WHY several: within a job, what a WeakRef was made of is kept; and what the collector has found, the loop frees.
    for (let attempt = 0; attempt < 10 && mappedMib() > before; attempt++) {
      await turn();
      collectGarbage();
    }
    await turn();
    expect(mappedMib()).toBeLessThanOrEqual(before);
  });
});

const turn = () => new Promise(setImmediate);

/** MiB of shared memory that this machine's processes have written to. */
function sharedMib(): number {
  return Number(/^Shmem: *(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) / 1024;
}

/** MiB of shared memory that belongs to no file. */
function mappedMib(): number {
  let bytes = 0;
  for (const line of readFileSync('/proc/self/maps', 'utf8').split('\n')) {
    const [, start = '0', end = '0'] = /^(\w+)-(\w+) ...s .*\/dev\/zero/.exec(line) ?? [];
    bytes += Number.parseInt(end, 16) - Number.parseInt(start, 16);
  }
  return Math.round(bytes / 2 ** 20);
}

const ITEMS = 64;
const ITEM_BYTES = 512 * 1024;
const ITEM_PAGES = ITEM_BYTES / 4096;

const faultsSoFar = () => process.resourceUsage().minorPageFault;

/**
 * Page faults that an item costs each child, from its second one on. WHY the median: one of them may fall together with a
 * collection of garbage.
 */
async function faultsPerItem(touch: (item: number) => void): Promise<number[]> {
  const faults = await parMap(
    Array.from({ length: ITEMS }, (_, i) => i),
    (item) => {
      const before = faultsSoFar();
      touch(item);
      return faultsSoFar() - before;
    },
    { chunk: ITEMS / 2, lanes: 2 },
  );
  return [faults.slice(1, ITEMS / 2), faults.slice(1 + ITEMS / 2)].map((part) => summarize(part).median);
}

describe('a large shared array', () => {
  it.runIf(HAS_HUGE_PAGES)('is made of huge pages', () => {
    const before = hugeMib();
    const out = sharedArray(Uint8Array, ITEMS * ITEM_BYTES);
    // WHY not all of them: pages that take long to be made room for are left to be used one by one.
    expect(hugeMib() - before).toBeGreaterThanOrEqual(2);
    expect(out.every((byte) => byte === 0)).toBe(true);
  });
});

describe('a large shared array where memory is short', () => {
  // WHY: it is made of small pages there, as everywhere where the kernel has no huge ones.
  beforeEach(() => {
    vi.spyOn(process, 'availableMemory').mockReturnValue(ITEMS * ITEM_BYTES);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('that a child fills in order is mapped ahead of it', async () => {
    const out = sharedArray(Uint8Array, ITEMS * ITEM_BYTES).fill(1);
    const fill = (item: number) => out.fill(item, item * ITEM_BYTES, (item + 1) * ITEM_BYTES);
    for (const faults of await faultsPerItem(fill)) expect(faults).toBeLessThan(ITEM_PAGES / 8);
    expect(out[ITEMS * ITEM_BYTES - 1]).toBe(ITEMS - 1);
  });

  it('that is not used so is mapped page by page, as it is used', async () => {
    const before = hugeMib();
    const out = sharedArray(Uint8Array, ITEMS * ITEM_BYTES).fill(1);
    expect(hugeMib() - before).toBeLessThan(2);
    const last = out.length - 1;
    const fillFromBehind = (item: number) => {
      const mirrored = last - item * ITEM_BYTES;
      out.fill(item, mirrored - ITEM_BYTES + 1, mirrored + 1);
    };
    for (const faults of await faultsPerItem(fillFromBehind)) expect(faults).toBeGreaterThan(ITEM_PAGES / 2);
    expect(out[0]).toBe(ITEMS - 1);
  });
});
