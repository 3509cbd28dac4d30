import { type IndexedPlan, indexedPlan, whenSettled } from '../plan.js';

/** Pairs of the values of two plans; the longer one's rest is left out. */
export function zipStep(before: IndexedPlan, other: IndexedPlan): IndexedPlan {
  return indexedPlan({
    length: Math.min(before.length, other.length),
    place: before.place,
    reads: (range) => [...before.reads(range), ...other.reads(range)],
    getter() {
      const [left, right] = [before.getter(), other.getter()];
      const pairWith = (first: unknown, position: number) => {
        const second = right(position);
        return other.itemAt ? [first, second] : whenSettled(second, (settled) => [first, settled]);
      };
      return (position) => {
        const first = left(position);
        return before.itemAt
          ? pairWith(first, position)
          : whenSettled(first, (value) => pairWith(value, position));
      };
    },
  });
}
