import { mergeRuns, newList } from '../../sort/merge.js';
import { byText, type Compare, undefinedLast } from '../../sort/order.js';
import { carrierOf, type End, StateAccumulator } from '../end.js';
import type { Plan } from '../plan.js';

/** A value with what it is sorted by, and how it travels. */
interface Entry {
  rank: unknown;
  sent: unknown;
}

/** All values in order: each child sends its own sorted, and the runs are merged. Stable. */
export function sortEnd(plan: Plan, compare?: Compare<unknown>): End<unknown[]> {
  const carrier = carrierOf(plan);
  const rankOf = compare ? (value: unknown) => value : textOf;
  const inOrder = undefinedLast(compare ?? (byText as Compare<unknown>));
  const byRank: Compare<Entry> = (left, right) => inOrder(left.rank, right.rank);
  const runs: Entry[][] = [];
  return {
    isOrdered: true,
    gather: () =>
      new StateAccumulator<Entry[]>({
        begin: () => [],
        add(entries, value, position) {
          entries.push({ rank: rankOf(value), sent: carrier.send(value, position) });
          return false;
        },
        send: (entries) => sentOf(entries.sort(byRank), plan),
      }),
    read(values) {
      const sent = plan.itemAt ? Array.from(values[0] as Uint32Array) : values;
      runs.push(sent.map((one) => ({ rank: rankOf(carrier.receive(one)), sent: one })));
      return false;
    },
    result: () =>
      mergeRuns(runs, { rankOf: (entry: Entry) => entry.rank, compare: inOrder, make: newList<Entry> }).map(
        ({ sent }) => carrier.receive(sent),
      ),
  };
}

function sentOf(entries: Entry[], plan: Plan): readonly unknown[] {
  const sent = entries.map((entry) => entry.sent);
  return plan.itemAt ? [Uint32Array.from(sent as number[])] : sent;
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}
