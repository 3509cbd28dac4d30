import { type End, StateAccumulator } from '../end.js';

/** How many values come before the first true one; -1 where none is true. */
export function findIndexEnd(): End<number> {
  let before = 0;
  let index = -1;
  return {
    isOrdered: true,
    mayStop: true,
    gather: () =>
      new StateAccumulator({
        begin: () => ({ before: 0, isFound: false }),
        add(state, value) {
          state.isFound = Boolean(value);
          if (!state.isFound) state.before += 1;
          return state.isFound;
        },
        send: (state) => [state.before, state.isFound],
      }),
    read([counted, isFound]) {
      before += counted as number;
      if (isFound) index = before;
      return isFound === true;
    },
    result: () => index,
  };
}
