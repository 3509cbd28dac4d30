import { type End, StateAccumulator } from '../end.js';

/** Nothing: what counts was done in the children. */
export function forEachEnd(): End<void> {
  return {
    isOrdered: false,
    gather: () => new StateAccumulator({ begin: () => undefined, add: () => false, send: () => [] }),
    read: () => false,
    result: () => undefined,
  };
}
