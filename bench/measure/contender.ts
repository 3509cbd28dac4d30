/** One contender on one workload: set-up apart, the first run, and runs on a warm pool. */
import { loadContender } from '../contenders/index.js';
import { type WorkloadName, workloads } from '../workloads/index.js';

export interface ContenderRequest {
  measure: 'contender';
  module: string;
  variant: string;
  workload: WorkloadName;
  lanes: number;
  share: number;
  roundsPerUs: number;
  floatRounds: number;
}

export interface ContenderAnswer {
  importMs: number;
  /** Until every worker has answered once; the context sent to each is part of it. */
  setupMs: number;
  firstMs: number;
  warmMs: number[];
}

const WARM_RUNS = 3;
const WARM_BUDGET_MS = 800;

export async function measure(request: ContenderRequest): Promise<ContenderAnswer> {
  const workload = workloads[request.workload];
  const [contender, importMs] = await timed(() => loadContender(request.module));
  const scale = { ...request, doubles: contender.doubles };
  const context = workload.makeContext(scale);
  const items = workload.makeItems(scale);
  const [session, setupMs] = await timed(() => contender.open({ ...request, context }));
  const runOnce = async () => {
    const [results, ms] = await timed(() => session.run(items));
    workload.check(results, items, context);
    return ms;
  };
  const firstMs = await runOnce();
  const warmMs: number[] = [];
  const isOnce = workload.isAboutMemory || request.workload === 'cold';
  for (let spentMs = 0; !isOnce && warmMs.length < WARM_RUNS && spentMs < WARM_BUDGET_MS; ) {
    warmMs.push(await runOnce());
    spentMs += warmMs.at(-1) as number;
  }
  await session.close();
  return { importMs, setupMs, firstMs, warmMs };
}

async function timed<T>(act: () => T | PromiseLike<T>): Promise<[value: T, ms: number]> {
  const startedMs = performance.now();
  const value = await act();
  return [value, performance.now() - startedMs];
}
