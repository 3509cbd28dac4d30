import { type Batch, openBatches, type WorkerSetup, workerUrl } from './batches.js';
import { type Contender, sharedDoubles } from './contender.js';

/** What piscina and tinypool, which came of it, have in common. */
type ThreadPool = new (options: {
  filename: string;
  minThreads: number;
  maxThreads: number;
  workerData: WorkerSetup;
}) => { run(batch: Batch): Promise<unknown[]>; destroy(): Promise<void> };

/** A pool of that kind, with its threads started and the context sent to each. */
export function threadPool(Pool: ThreadPool): Contender {
  return {
    doubles: sharedDoubles,
    open: async (plan) => {
      const { workload, context, lanes } = plan;
      const pool = new Pool({
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
}
