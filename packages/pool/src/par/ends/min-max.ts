import { atEnd, type Carrier, carrierOf, type End, StateAccumulator } from '../end.js';
import { type Awaitable, type Plan, whenSettled } from '../plan.js';

type Compare = (left: unknown, right: unknown) => number;

interface Best {
  best: { rank: unknown; sent: unknown } | undefined;
}

interface Extreme {
  plan: Plan;
  /** Negative where the first is to be preferred. Of those that are level, the first in order is. */
  prefer: Compare;
  /** What values are compared by; default: the values themselves. */
  rankOf?: ((value: unknown, position: number) => unknown) | undefined;
}

/** The least or the greatest of the values: by `compare`, or by their keys, or by `<`. */
export function extremeEndOf(
  plan: Plan,
  which: 'least' | 'greatest',
  compare?: Compare,
  key?: (...args: never[]) => unknown,
): End<unknown> {
  const least = compare ?? ascending;
  const greatest: Compare = compare ? (left, right) => compare(right, left) : descending;
  const prefer = which === 'least' ? least : greatest;
  return extremeEnd({ plan, prefer, rankOf: key && atEnd(plan, key) });
}

/** The first of the values that nothing is preferred to; undefined where there are none. */
function extremeEnd({ plan, prefer, rankOf }: Extreme): End<unknown> {
  const carrier = carrierOf(plan);
  const overall: Best = { best: undefined };
  const take = (state: Best, rank: unknown, sent: unknown): boolean => {
    if (!state.best || prefer(rank, state.best.rank) < 0) state.best = { rank, sent };
    return false;
  };
  return {
    isOrdered: true,
    gather: () =>
      new StateAccumulator<Best>({
        begin: () => ({ best: undefined }),
        add(state, value, position): Awaitable<boolean> {
          const sent = carrier.send(value, position);
          if (!rankOf) return take(state, value, sent);
          return whenSettled(rankOf(value, position), (rank) => take(state, rank, sent));
        },
        // WHY not the rank too where it is the value: that would be sent twice.
        send: ({ best }) => (!best ? [] : rankOf ? [best.sent, best.rank] : [best.sent]),
      }),
    read(values) {
      if (values.length > 0) take(overall, rankRead(values, carrier, rankOf !== undefined), values[0]);
      return false;
    },
    result: () => (overall.best ? carrier.receive(overall.best.sent) : undefined),
  };
}

function rankRead([sent, rank]: readonly unknown[], carrier: Carrier, hasRank: boolean): unknown {
  return hasRank ? rank : carrier.receive(sent);
}

/** By `<`; NaN is less than anything, as in `Math.min`. */
export const ascending: Compare = (left, right) => {
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  if (Number.isNaN(right)) return 1;
  return isLess(left, right) ? -1 : isLess(right, left) ? 1 : 0;
};

/** By `>`; NaN comes first here too, as in `Math.max`. */
export const descending: Compare = (left, right) => {
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  if (Number.isNaN(right)) return 1;
  return ascending(right, left);
};

function isLess(left: unknown, right: unknown): boolean {
  return (left as number) < (right as number);
}
