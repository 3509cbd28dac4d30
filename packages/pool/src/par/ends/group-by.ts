import { invalidArgType } from '@forkmap/core/internal';
import { atEnd, carrierOf, type End, StateAccumulator } from '../end.js';
import { type Plan, whenSettled } from '../plan.js';
import type { ValueFn } from '../steps/map.js';

/** Lists of values by key, as `Map.groupBy` makes them: keys and values in the order in which they are first met. */
export function groupByEnd(plan: Plan, key: ValueFn): End<Map<unknown, unknown[]>> {
  const carrier = carrierOf(plan);
  const keyOf = atEnd(plan, key);
  const groups = new Map<unknown, unknown[]>();
  return {
    isOrdered: true,
    gather: () =>
      new StateAccumulator<Map<unknown, unknown[]>>({
        begin: () => new Map(),
        add: (state, value, position) =>
          whenSettled(keyOf(value, position), (found) => {
            listOf(state, checkKey(found)).push(carrier.send(value, position));
            return false;
          }),
        send: (state) => [[...state.keys()], ...[...state.values()].map(carrier.pack)],
      }),
    read([keys, ...lists]) {
      for (const [at, list] of (lists as ArrayLike<unknown>[]).entries()) {
        const group = listOf(groups, (keys as unknown[])[at]);
        for (let i = 0; i < list.length; i++) group.push(carrier.receive(list[i]));
      }
      return false;
    },
    result: () => groups,
  };
}

function listOf(groups: Map<unknown, unknown[]>, key: unknown): unknown[] {
  let list = groups.get(key);
  if (!list) {
    list = [];
    groups.set(key, list);
  }
  return list;
}

/** An object would come back as another one from each child, and be a group of its own each time. */
export function checkKey(key: unknown): unknown {
  if ((typeof key === 'object' && key !== null) || typeof key === 'function') {
    throw invalidArgType('key', 'a primitive value', key);
  }
  return key;
}
