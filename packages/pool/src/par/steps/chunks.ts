import type { Range } from '../../call/chunks.js';
import { type Getter, type IndexedPlan, indexedPlan, isThenable } from '../plan.js';

/** Arrays of `size` values each; the last may have fewer. */
export function chunksStep(before: IndexedPlan, size: number): IndexedPlan {
  return groupsStep(before, {
    length: Math.ceil(before.length / size),
    bounds: (position) => [position * size, Math.min(before.length, (position + 1) * size)],
  });
}

interface Groups {
  length: number;
  /** Which positions of the plan before a group has. */
  bounds: (position: number) => [start: number, end: number];
}

/** Each position's value is an array of values of the plan before. */
export function groupsStep(
  before: IndexedPlan,
  { length, bounds }: Groups,
  cached = (get: Getter) => get,
): IndexedPlan {
  const inside = ({ start, end }: Range): Range => ({ start: bounds(start)[0], end: bounds(end - 1)[1] });
  return indexedPlan({
    length,
    place: (range) => before.place(inside(range)),
    reads: (range) => before.reads(inside(range)),
    getter() {
      const get = cached(before.getter());
      const isRaw = before.itemAt !== undefined;
      return (position) => {
        const [start, end] = bounds(position);
        const values: unknown[] = [];
        for (let at = start; at < end; at++) values.push(get(at));
        return !isRaw && values.some(isThenable) ? Promise.all(values) : values;
      };
    },
  });
}
