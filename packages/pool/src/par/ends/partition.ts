import { atEnd, carrierOf, type End, StateAccumulator } from '../end.js';
import { type Plan, whenSettled } from '../plan.js';
import type { ValueFn } from '../steps/map.js';

/** Two lists: of the values that pass the test, and of those that do not. */
export function partitionEnd(plan: Plan, test: ValueFn): End<[unknown[], unknown[]]> {
  const carrier = carrierOf(plan);
  const ask = atEnd(plan, test);
  const parts: [unknown[], unknown[]] = [[], []];
  return {
    isOrdered: true,
    gather: () =>
      new StateAccumulator<[unknown[], unknown[]]>({
        begin: () => [[], []],
        add: (state, value, position) =>
          whenSettled(ask(value, position), (hasPassed) => {
            state[hasPassed ? 0 : 1].push(carrier.send(value, position));
            return false;
          }),
        send: (state) => state.map(carrier.pack),
      }),
    read(lists) {
      for (const [at, list] of (lists as ArrayLike<unknown>[]).entries()) {
        for (let i = 0; i < list.length; i++) parts[at]?.push(carrier.receive(list[i]));
      }
      return false;
    },
    result: () => parts,
  };
}
