import { par, parSort } from '@forkmap/pool';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectNothingForked } from '../helpers/forks.js';
import { expectNoLeaks } from '../helpers/leaks.js';
import { rejectionOf, warmPool } from '../helpers/runs.js';

expectNoLeaks(() => warmPool(8));

const options = { chunk: 5, lanes: 2 };

describe('parSort()', () => {
  it('sorts anything as Array does by default', async () => {
    const anything = fc.array(
      fc.oneof(
        fc.integer(),
        fc.double(),
        fc.string(),
        fc.constantFrom(null, undefined, true, -0, 10n, [2, 1]),
      ),
      { maxLength: 24 },
    );
    const holds = fc.asyncProperty(anything, async (list) => {
      expect(await parSort(list, undefined, options)).toStrictEqual([...list].sort());
      expect(
        await par(list, options)
          .map((x) => x)
          .sort(),
      ).toStrictEqual([...list].sort());
    });
    await fc.assert(holds, { numRuns: 12 });
  });

  it('is stable, whatever the runs', async () => {
    const lists = fc.array(fc.record({ key: fc.nat(3), id: fc.nat() }), { maxLength: 40 });
    const holds = fc.asyncProperty(lists, fc.integer({ min: 1, max: 12 }), async (list, chunk) => {
      const byKey = (a: { key: number }, b: { key: number }) => a.key - b.key;
      const sorted = await parSort(list, byKey, { chunk, lanes: 2 });
      expect(sorted).toStrictEqual([...list].sort(byKey));
    });
    await fc.assert(holds, { numRuns: 10 });
  });

  it.each<[string, Float64Array]>([
    ['Int8Array', Int8Array.of(3, -1, 7, 0, 9, -5, 2, 2, 8, -7, 1) as unknown as Float64Array],
    ['Uint8ClampedArray', Uint8ClampedArray.of(3, 1, 7, 0, 9, 5, 2, 2, 8, 7, 1) as unknown as Float64Array],
    [
      'Float32Array',
      Float32Array.of(
        0,
        Number.NaN,
        -0,
        3.5,
        Number.NEGATIVE_INFINITY,
        2,
        0,
        Number.NaN,
        -1,
      ) as unknown as Float64Array,
    ],
    ['Float64Array', Float64Array.of(0, Number.NaN, -0, 1e300, Number.POSITIVE_INFINITY, 2, 0, -0, -1)],
  ])('gives a %s for one, sorted as it sorts itself', async (_, typed: Float64Array) => {
    const before = typed.slice();
    const sorted = await parSort(typed, undefined, { chunk: 2, lanes: 2 });
    expect(sorted).toStrictEqual(typed.slice().sort());
    expect(sorted.constructor).toBe(typed.constructor);
    expect(typed).toStrictEqual(before);
    const down = (a: number, b: number) => b - a;
    const numbers = typed.filter((x) => !Number.isNaN(x));
    expect(await parSort(numbers, down, { chunk: 2, lanes: 2 })).toStrictEqual(numbers.slice().sort(down));
  });

  it('sorts bigints', async () => {
    const list = BigInt64Array.of(5n, -3n, 9n, 0n, 2n ** 60n, -(2n ** 60n), 7n);
    expect(await parSort(list, undefined, { chunk: 2, lanes: 2 })).toStrictEqual(list.slice().sort());
  });

  it('sorts here what is short or quickly compared', async () => {
    const list = Array.from({ length: 900 }, (_, i) => (i * 31) % 900);
    const sorted = await expectNothingForked(() => parSort(list, (a, b) => a - b, { lanes: 2 }));
    expect(sorted).toEqual([...list].sort((a, b) => a - b));
    const already = Array.from({ length: 5_000 }, (_, i) => i);
    expect(await expectNothingForked(() => parSort(already, (a, b) => a - b, { lanes: 2 }))).toEqual(already);
  });

  it('sorts in children what takes long to compare', async () => {
    let compared = 0;
    const slowly = (a: number, b: number) => {
      compared += 1;
      for (const end = performance.now() + 0.02; performance.now() < end; );
      return a - b;
    };
    const list = Array.from({ length: 3_000 }, (_, i) => (i * 7919) % 3_001);
    expect(await parSort(list, slowly, { lanes: 2 })).toEqual([...list].sort((a, b) => a - b));
    // Here: the samples and the merge.
    expect(compared).toBeLessThan(12_000);
  });

  it('rejects with what the comparator throws, and names the items of a run whose child died', async () => {
    const list = [5, 3, 9, 1, 4, 8, 2];
    const bad = () => {
      throw new SyntaxError('cannot compare');
    };
    expect(await rejectionOf(parSort(list, bad, options))).toMatchObject({ name: 'SyntaxError' });
    const dies = (a: number, b: number) => (a === 2 || b === 2 ? process.exit(1) : a - b);
    expect(await rejectionOf(parSort(list, dies, options))).toMatchObject({
      code: 'ERR_FORKMAP_EXITED',
      chunk: { start: 5, end: 7 },
      index: 5,
    });
  });
});
