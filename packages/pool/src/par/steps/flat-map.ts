import type { Cell } from '../cell.js';
import { type Awaitable, isThenable, type Plan, type Push, pushPlan, type Step } from '../plan.js';
import type { Apply, ValueFn } from './map.js';

/** Each value becomes the values of the array that `fn` makes of it; what is no array is one value, as in `Array`. */
export function flatMapStep(before: Plan, fn: ValueFn): Plan {
  const apply = fn as Apply;
  const step: Step = (value, push, cell, position) => {
    const made = apply(value, position);
    return isThenable(made)
      ? made.then((settled) => pushAll(settled, push, cell))
      : pushAll(made, push, cell);
  };
  return pushPlan(before, () => step);
}

/** Pushes the values of an array one after the other; holes are left out. Anything else is pushed as it is. */
export function pushAll(made: unknown, push: Push, cell: Cell): Awaitable<void> {
  if (!Array.isArray(made)) return push(made, cell);
  for (let at = 0; at < made.length && !cell.isStopped; at++) {
    if (!(at in made)) continue;
    const pushing = push(made[at], cell);
    if (pushing !== undefined) return pushing.then(() => pushAll(made.slice(at + 1), push, cell));
  }
  return undefined;
}
