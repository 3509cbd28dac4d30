import { type End, StateAccumulator } from '../end.js';

/** How many values there are. */
export function countEnd(): End<number> {
  let total = 0;
  return {
    isOrdered: false,
    gather: () =>
      new StateAccumulator({
        begin: () => ({ count: 0 }),
        add(state) {
          state.count += 1;
          return false;
        },
        send: (state) => [state.count],
      }),
    read([count]) {
      total += count as number;
      return false;
    },
    result: () => total,
  };
}
