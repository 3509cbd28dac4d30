import { checkFn } from '@forkmap/core/internal';
import type { ParMapOptions } from '../options.js';
import type { Host } from '../pool/host.js';
import type { End } from './end.js';
import type { Awaitable, Plan } from './plan.js';
import { type CallSetting, runEnd } from './run.js';

/** Makes the plan of a chain; a promise where a step needs the steps before it to be run. */
export type PlanMaker = (setting: CallSetting) => Awaitable<Plan>;

/** What a chain ends in: the plan with its last step, and what becomes of its values. */
export type Ending<R> = [plan: Plan, end: End<R>];

/** A chain that was not run yet. */
export abstract class ParBase {
  protected readonly host: Host;
  protected readonly options: ParMapOptions | undefined;
  /** For other chains of this package. */
  readonly makePlan: PlanMaker;

  constructor(makePlan: PlanMaker, host: Host, options: ParMapOptions | undefined) {
    this.makePlan = makePlan;
    this.host = host;
    this.options = options;
  }

  /** @param fn the caller's function, to be checked before anything runs */
  protected async runTo<R>(verb: string, fn: unknown, endOf: (plan: Plan) => Ending<R>): Promise<R> {
    if (fn !== undefined) checkFn(fn);
    const setting = this.settingOf(verb);
    const [plan, end] = endOf(await this.makePlan(setting));
    return runEnd(plan, end, setting);
  }

  protected settingOf(verb: string): CallSetting {
    return { host: this.host, options: this.options, verb };
  }
}
