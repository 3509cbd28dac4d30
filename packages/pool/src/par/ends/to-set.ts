import { carrierOf, type End, StateAccumulator } from '../end.js';
import type { Plan } from '../plan.js';

/** A Set of the values. */
export function toSetEnd(plan: Plan): End<Set<unknown>> {
  const carrier = carrierOf(plan);
  const set = new Set<unknown>();
  return {
    isOrdered: true,
    gather: () =>
      new StateAccumulator<Map<unknown, unknown>>({
        begin: () => new Map(),
        add(state, value, position) {
          if (!state.has(value)) state.set(value, carrier.send(value, position));
          return false;
        },
        send: (state) => [carrier.pack([...state.values()])],
      }),
    read([list]) {
      const sent = list as ArrayLike<unknown>;
      for (let at = 0; at < sent.length; at++) set.add(carrier.receive(sent[at]));
      return false;
    },
    result: () => set,
  };
}
