import { isIndexed, type Plan, pushPlan, type Step, whenSettled } from '../plan.js';
import { type Apply, mapIndexed, type ValueFn } from './map.js';

/** Shows each value to `fn`, and passes it on. */
export function inspectStep(before: Plan, fn: ValueFn): Plan {
  const show = fn as Apply;
  if (isIndexed(before)) {
    const apply: Apply = (value, position) => whenSettled(show(value, position), () => value);
    const { compile, ...plan } = mapIndexed(before, () => apply);
    return { ...plan, compile, itemAt: before.itemAt };
  }
  const step: Step = (value, push, cell) => whenSettled(show(value), () => push(value, cell));
  return pushPlan(before, () => step, before.itemAt);
}
