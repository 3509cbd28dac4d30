import { Piscina } from 'piscina';
import { openBatches, workerUrl } from './batches.js';
import { type Contender, sharedDoubles } from './contender.js';

export const contender: Contender = {
  doubles: sharedDoubles,
  open: async (plan) => {
    const { workload, context, lanes } = plan;
    const pool = new Piscina({
      filename: workerUrl('thread').href,
      minThreads: lanes,
      maxThreads: lanes,
      workerData: { workload, context },
    });
    return openBatches(
      plan,
      (batch) => pool.run(batch),
      () => pool.destroy(),
    );
  },
};
