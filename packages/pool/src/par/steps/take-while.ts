import type { Cell } from '../cell.js';
import { type Awaitable, isThenable, type Plan, type Push, pushPlan, type Step } from '../plan.js';
import type { Apply, ValueFn } from './map.js';

/** Ends the chain before the first value for which `test` gives nothing true. */
export function takeWhileStep(before: Plan, test: ValueFn): Plan {
  const ask = test as Apply;
  const step: Step = (value, push, cell, position) => {
    if (cell.isStopped) return undefined;
    const hasPassed = ask(value, position);
    if (isThenable(hasPassed)) return hasPassed.then((settled) => goOn(settled, value, push, cell));
    return goOn(hasPassed, value, push, cell);
  };
  return { ...pushPlan(before, () => step, before.itemAt), mayStop: true };
}

function goOn(hasPassed: unknown, value: unknown, push: Push, cell: Cell): Awaitable<void> {
  if (hasPassed) return push(value, cell);
  cell.isStopped = true;
  return undefined;
}
