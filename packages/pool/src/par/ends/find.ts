import { carrierOf, type End, StateAccumulator } from '../end.js';
import type { Plan } from '../plan.js';

/**
 * A value: the first in order, or, not `isOrdered`, the first that any child has seen.
 * Undefined where there are none.
 */
export function findEnd(plan: Plan, isOrdered: boolean): End<unknown> {
  const carrier = carrierOf(plan);
  let found: { sent: unknown } | undefined;
  return {
    isOrdered,
    mayStop: true,
    gather: () =>
      new StateAccumulator<unknown[]>({
        begin: () => [],
        add(state, value, position) {
          state.push(carrier.send(value, position));
          return true;
        },
        send: (state) => state,
      }),
    read(values) {
      if (values.length > 0) found ??= { sent: values[0] };
      return found !== undefined;
    },
    result: () => found && carrier.receive(found.sent),
  };
}
