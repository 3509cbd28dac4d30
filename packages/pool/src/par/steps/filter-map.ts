import { isThenable, type Plan, pushPlan, type Step } from '../plan.js';
import type { Apply, ValueFn } from './map.js';

/** Each value becomes what `fn` makes of it; `undefined` is left out. */
export function filterMapStep(before: Plan, fn: ValueFn): Plan {
  const apply = fn as Apply;
  const step: Step = (value, push, cell, position) => {
    const made = apply(value, position);
    if (made === undefined) return undefined;
    if (!isThenable(made)) return push(made, cell);
    return made.then((settled) => (settled === undefined ? undefined : push(settled, cell)));
  };
  return pushPlan(before, () => step);
}
