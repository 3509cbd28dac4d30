import { atEnd, type End, StateAccumulator } from '../end.js';
import { type Plan, whenSettled } from '../plan.js';
import type { ValueFn } from '../steps/map.js';
import { checkKey } from './group-by.js';

/** How many values there are by key; keys in the order in which they are first met. */
export function countByEnd(plan: Plan, key: ValueFn): End<Map<unknown, number>> {
  const keyOf = atEnd(plan, key);
  const counts = new Map<unknown, number>();
  return {
    isOrdered: true,
    gather: () =>
      new StateAccumulator<Map<unknown, number>>({
        begin: () => new Map(),
        add: (state, value, position) =>
          whenSettled(keyOf(value, position), (found) => {
            addTo(state, checkKey(found), 1);
            return false;
          }),
        send: (state) => [[...state.keys()], [...state.values()]],
      }),
    read([keys, found]) {
      for (const [at, one] of (keys as unknown[]).entries()) addTo(counts, one, (found as number[])[at] ?? 0);
      return false;
    },
    result: () => counts,
  };
}

function addTo(counts: Map<unknown, number>, key: unknown, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
