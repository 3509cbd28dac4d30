import { type Plan, pushPlan, type Step } from '../plan.js';
import { pushAll } from './flat-map.js';

/** Each value that is an array becomes its values, `depth` levels deep. */
export function flatStep(before: Plan, depth: number): Plan {
  const step: Step = (value, push, cell) => {
    if (!Array.isArray(value) || depth < 1) return push(value, cell);
    return pushAll(depth > 1 ? value.flat(depth - 1) : value, push, cell);
  };
  return pushPlan(before, () => step);
}
