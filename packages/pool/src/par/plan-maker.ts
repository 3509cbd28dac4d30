import { copyItems } from '../items.js';
import { asList, made } from '../recipe/made.js';
import { makeIndexed } from './make-indexed.js';
import { ParBase, type PlanMaker } from './par-base.js';
import { type Awaitable, type IndexedPlan, listPlan, type Plan, whenSettled } from './plan.js';

/** The plan of a list, which is copied now, or of a chain. */
export function planMakerOf(source: Iterable<unknown> | ArrayLike<unknown> | ParBase): PlanMaker {
  if (source instanceof ParBase) return source.makePlan;
  const list = copyItems(source);
  return () => made(listPlan, asList(list));
}

/** One step further. */
export function stepMaker(before: PlanMaker, step: (plan: Plan) => Plan): PlanMaker {
  return (setting) => whenSettled(before(setting), (plan) => step(plan as Plan)) as Awaitable<Plan>;
}

/**
 * One step further, which counts places.
 * @param limit so many values are enough
 */
export function indexedStepMaker(
  before: PlanMaker,
  step: (plan: IndexedPlan) => Plan,
  limit?: number,
): PlanMaker {
  return async (setting) => step(await makeIndexed(await before(setting), setting, limit));
}

/** A step of two chains. */
export function joinedStepMaker(
  [makeLeft, makeRight]: [PlanMaker, PlanMaker],
  step: (left: Plan, right: Plan) => Plan,
): PlanMaker {
  return async (setting) => step(...(await Promise.all([makeLeft(setting), makeRight(setting)])));
}

/** The chain with its places known. */
export function indexedMaker(before: PlanMaker): PlanMaker {
  return indexedStepMaker(before, (plan) => plan);
}

/** The chain as one that does not stop early: one that may is run here, to see where. */
export function unstoppedMaker(before: PlanMaker): PlanMaker {
  return async (setting) => {
    const plan = await before(setting);
    return plan.mayStop ? makeIndexed(plan, setting) : plan;
  };
}
