import { type IndexedPlan, indexedPlan, isIndexed, isThenable, type Plan, pushPlan } from '../plan.js';

/** A caller's function of a value, and of its index where that counts. */
export type ValueFn = (...args: never[]) => unknown;
export type Apply = (value: unknown, position?: number) => unknown;

/** Each value becomes what `fn` makes of it. */
export function mapStep(before: Plan, fn: ValueFn): Plan {
  return mapPlan(before, () => fn as Apply);
}

/** @param makeApply called once per call; see `pushPlan` */
export function mapPlan(before: Plan, makeApply: () => Apply): Plan {
  if (isIndexed(before)) return mapIndexed(before, makeApply);
  return pushPlan(before, () => {
    const apply = makeApply();
    return (value, push, cell) => {
      const made = apply(value);
      return isThenable(made) ? made.then((settled) => push(settled, cell)) : push(made, cell);
    };
  });
}

export function mapIndexed(before: IndexedPlan, makeApply: () => Apply): IndexedPlan {
  return indexedPlan({
    length: before.length,
    place: before.place,
    reads: before.reads,
    getter() {
      const get = before.getter();
      const apply = makeApply();
      // WHY not asked for a promise: items are passed on as they are; only what a step made is waited for.
      if (before.itemAt) return (position) => apply(get(position), position);
      return (position) => {
        const value = get(position);
        return isThenable(value) ? value.then((settled) => apply(settled, position)) : apply(value, position);
      };
    },
  });
}
