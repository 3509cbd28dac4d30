import type { Range } from '../../call/chunks.js';
import { type IndexedPlan, indexedPlan } from '../plan.js';

/** The positions [start, end), every `step`th of them. `start <= end <= before.length`. */
export function sliceStep(before: IndexedPlan, start: number, end: number, step = 1): IndexedPlan {
  const { itemAt } = before;
  const positionOf = (position: number) => start + position * step;
  const inside = (range: Range): Range => ({
    start: positionOf(range.start),
    end: Math.min(end, positionOf(range.end - 1) + 1),
  });
  return indexedPlan({
    length: Math.max(0, Math.ceil((end - start) / step)),
    place: (range) => before.place(inside(range)),
    reads: (range) => before.reads(inside(range)),
    getter() {
      const get = before.getter();
      return (position) => get(positionOf(position));
    },
    itemAt: itemAt && ((position) => itemAt(positionOf(position))),
  });
}

/** A bound as `Array.prototype.slice` takes it: negative ones count from the end. */
export function boundOf(bound: number | undefined, length: number, otherwise: number): number {
  if (bound === undefined) return otherwise;
  const whole = Math.trunc(bound) || 0;
  return whole < 0 ? Math.max(0, length + whole) : Math.min(whole, length);
}
