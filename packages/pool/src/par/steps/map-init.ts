import { type Plan, whenSettled } from '../plan.js';
import { type Apply, mapPlan } from './map.js';

/** As `mapStep`; `fn` is first given a value that `init` makes once per child. */
export function mapInitStep(before: Plan, init: () => unknown, fn: (...args: never[]) => unknown): Plan {
  const apply = fn as (state: unknown, value: unknown, position?: number) => unknown;
  return mapPlan(before, (): Apply => {
    // WHY made when first needed: that is in a child.
    let state: { value: unknown } | undefined;
    return (value, position) => {
      state ??= { value: init() };
      return whenSettled(state.value, (settled) => apply(settled, value, position));
    };
  });
}
