import { isThenable, type Plan, pushPlan, type Step } from '../plan.js';
import type { Apply, ValueFn } from './map.js';

/** Keeps the values for which `test` gives something true. */
export function filterStep(before: Plan, test: ValueFn): Plan {
  const ask = test as Apply;
  const step: Step = (value, push, cell, position) => {
    const hasPassed = ask(value, position);
    if (isThenable(hasPassed)) return hasPassed.then((settled) => (settled ? push(value, cell) : undefined));
    return hasPassed ? push(value, cell) : undefined;
  };
  return pushPlan(before, () => step, before.itemAt);
}
