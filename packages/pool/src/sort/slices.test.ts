import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRuns, newList } from './merge.js';
import { type Slice, sliceRuns } from './slices.js';

interface Thing {
  key: number;
  id: number;
}
const compare = (left: number, right: number) => left - right;
const rankOf = ({ key }: Thing) => key;

/** Things whose id is their place, in runs that are sorted by key. */
const sortedRuns = fc
  .array(fc.array(fc.nat(5), { maxLength: 30 }), { minLength: 1, maxLength: 5 })
  .map((lists) => {
    let id = 0;
    return lists.map((keys) => keys.map((key): Thing => ({ key, id: id++ })).sort((a, b) => a.key - b.key));
  });

describe('sliceRuns()', () => {
  it('gives slices that, merged one by one, are what sorting all gives', () => {
    fc.assert(
      fc.property(sortedRuns, fc.integer({ min: 1, max: 6 }), (runs, count) => {
        const slices = sliceRuns(runs, { rankOf, compare, count });
        const merge = (slice: Slice) =>
          mergeRuns(
            slice.map(([start, end], run) => (runs[run] as Thing[]).slice(start, end)),
            { rankOf, compare, make: newList<Thing> },
          );
        const all = runs.flat().sort((a, b) => a.id - b.id);
        expect(slices).toHaveLength(count);
        expect(slices.flatMap(merge)).toEqual(all.sort((a, b) => a.key - b.key));
      }),
    );
  });

  it('cuts long runs into slices of about the same length', () => {
    const runs = [0, 1, 2].map((run) =>
      Array.from({ length: 3_000 }, (_, i) => ({ key: i ** 2 + run, id: 0 })),
    );
    const lengths = sliceRuns(runs, { rankOf, compare, count: 4 }).map((slice) =>
      slice.reduce((sum, [start, end]) => sum + end - start, 0),
    );
    for (const length of lengths) expect(Math.abs(length - 2_250)).toBeLessThan(250);
  });
});
