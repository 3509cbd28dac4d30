import { type End, StateAccumulator } from '../end.js';

/** Whether a value is true, or, with `wanted: false`, whether one is not. Known as soon as any child has seen it. */
export function someEnd(wanted: boolean): End<boolean> {
  let isFound = false;
  return {
    isOrdered: false,
    mayStop: true,
    gather: () =>
      new StateAccumulator({
        begin: () => ({ isFound: false }),
        add(state, value) {
          state.isFound = Boolean(value) === wanted;
          return state.isFound;
        },
        send: (state) => [state.isFound],
      }),
    read([found]) {
      isFound ||= found === true;
      return isFound;
    },
    result: () => isFound,
  };
}
