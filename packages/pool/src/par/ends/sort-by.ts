import { mergeRuns, newList } from '../../sort/merge.js';
import { type Compare, undefinedLast } from '../../sort/order.js';
import { atEnd, carrierOf, type End, StateAccumulator } from '../end.js';
import { type Plan, whenSettled } from '../plan.js';
import type { ValueFn } from '../steps/map.js';
import { ascending } from './min-max.js';

interface Entry {
  key: unknown;
  sent: unknown;
}

const byKey: Compare<Entry> = (() => {
  const inOrder = undefinedLast(ascending);
  return (left, right) => inOrder(left.key, right.key);
})();

/** All values in the order of their keys, each of which is made once, in a child. Stable. */
export function sortByEnd(plan: Plan, key: ValueFn): End<unknown[]> {
  const carrier = carrierOf(plan);
  const keyOf = atEnd(plan, key);
  const runs: Entry[][] = [];
  return {
    isOrdered: true,
    gather: () =>
      new StateAccumulator<Entry[]>({
        begin: () => [],
        add: (entries, value, position) =>
          whenSettled(keyOf(value, position), (found) => {
            entries.push({ key: found, sent: carrier.send(value, position) });
            return false;
          }),
        send(entries) {
          entries.sort(byKey);
          return [entries.map((entry) => entry.key), carrier.pack(entries.map((entry) => entry.sent))];
        },
      }),
    read([keys, list]) {
      const sent = list as ArrayLike<unknown>;
      runs.push((keys as unknown[]).map((found, at) => ({ key: found, sent: sent[at] })));
      return false;
    },
    result: () =>
      mergeRuns(runs, { rankOf: (entry: Entry) => entry, compare: byKey, make: newList<Entry> }).map(
        ({ sent }) => carrier.receive(sent),
      ),
  };
}
