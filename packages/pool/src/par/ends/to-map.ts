import { type End, StateAccumulator } from '../end.js';

/** A Map of pairs `[key, value]`; of equal keys, the last counts. */
export function toMapEnd(): End<Map<unknown, unknown>> {
  const map = new Map<unknown, unknown>();
  return {
    isOrdered: true,
    gather: () =>
      new StateAccumulator<Map<unknown, unknown>>({
        begin: () => new Map(),
        add(state, pair) {
          const [key, value] = pair as [unknown, unknown];
          state.set(key, value);
          return false;
        },
        send: (state) => [[...state.keys()], [...state.values()]],
      }),
    read([keys, values]) {
      for (const [at, key] of (keys as unknown[]).entries()) map.set(key, (values as unknown[])[at]);
      return false;
    },
    result: () => map,
  };
}
