import { fileURLToPath } from 'node:url';
import { Worker } from 'jest-worker';
import { type Batch, openBatches, workerUrl } from './batches.js';
import { type Contender, sharedDoubles } from './contender.js';

export const contender: Contender = {
  doubles: sharedDoubles,
  open: async (plan) => {
    const { workload, context, lanes } = plan;
    const pool = new Worker(fileURLToPath(workerUrl('jest-worker')), {
      numWorkers: lanes,
      enableWorkerThreads: true,
      exposedMethods: ['run'],
      setupArgs: [{ workload, context }],
    }) as Worker & { run(batch: Batch): Promise<unknown[]> };
    return openBatches(
      plan,
      (batch) => pool.run(batch),
      () => pool.end(),
    );
  },
};
