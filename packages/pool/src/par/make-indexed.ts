import { asList, made } from '../recipe/made.js';
import { collectEnd } from './ends/collect.js';
import { type IndexedPlan, isIndexed, listPlan, type Plan } from './plan.js';
import { type CallSetting, runEnd } from './run.js';

/**
 * A plan of which places can be counted. Where a filter or the like has gone before, that takes a run of its own:
 * what is left is collected, `limit` values of it at most, and goes on as a list.
 */
export async function makeIndexed(plan: Plan, setting: CallSetting, limit?: number): Promise<IndexedPlan> {
  if (isIndexed(plan)) return plan;
  const values = await runEnd(plan, made(collectEnd, plan, limit), setting);
  return made(listPlan, asList(values));
}
