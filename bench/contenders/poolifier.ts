import { fileURLToPath } from 'node:url';
import { FixedThreadPool } from 'poolifier';
import { type Batch, openBatches, workerUrl } from './batches.js';
import { type Contender, sharedDoubles } from './contender.js';

export const contender: Contender = {
  doubles: sharedDoubles,
  open: async (plan) => {
    const { workload, context, lanes } = plan;
    const pool = new FixedThreadPool<Batch, unknown[]>(lanes, fileURLToPath(workerUrl('poolifier')), {
      workerOptions: { workerData: { workload, context } },
    });
    return openBatches(
      plan,
      (batch) => pool.execute(batch),
      () => pool.destroy(),
    );
  },
};
