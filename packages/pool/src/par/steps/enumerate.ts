import type { IndexedPlan } from '../plan.js';
import { mapIndexed } from './map.js';

/** Each value becomes `[index, value]`. */
export function enumerateStep(before: IndexedPlan): IndexedPlan {
  return mapIndexed(before, () => (value, position) => [position, value]);
}
