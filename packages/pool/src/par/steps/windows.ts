import type { Getter, IndexedPlan } from '../plan.js';
import { groupsStep } from './chunks.js';

/** Arrays of `size` neighbours each, one for every place where there are so many. */
export function windowsStep(before: IndexedPlan, size: number): IndexedPlan {
  const length = Math.max(0, before.length - size + 1);
  const bounds = (position: number): [number, number] => [position, position + size];
  return groupsStep(before, { length, bounds }, before.itemAt ? undefined : (get) => remember(get, size));
}

/** WHY: neighbouring windows share values, which are to be made once per child, not once per window. */
function remember(get: Getter, size: number): Getter {
  const values = new Map<number, unknown>();
  return (position) => {
    if (!values.has(position)) {
      values.set(position, get(position));
      // WHY twice: several windows may be in flight.
      for (const oldest of values.keys()) {
        if (values.size <= 2 * size + 64) break;
        values.delete(oldest);
      }
    }
    return values.get(position);
  };
}
