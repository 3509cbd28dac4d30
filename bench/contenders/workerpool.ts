import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import { openBatches, workerUrl } from './batches.js';
import { type Contender, sharedDoubles } from './contender.js';

export const contender: Contender = {
  doubles: sharedDoubles,
  open: async (plan) => {
    const { workload, context, lanes } = plan;
    const pool = workerpool.pool(fileURLToPath(workerUrl('workerpool')), {
      minWorkers: lanes,
      maxWorkers: lanes,
      workerType: 'thread',
      workerThreadOpts: { workerData: { workload, context } },
    });
    return openBatches(
      plan,
      (batch) => pool.exec('run', [batch]) as unknown as PromiseLike<unknown[]>,
      () => pool.terminate() as unknown as PromiseLike<unknown>,
    );
  },
};
