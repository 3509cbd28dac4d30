import { workerData } from 'node:worker_threads';
import { ThreadWorker } from 'poolifier';
import { type Batch, runBatch, type WorkerSetup } from '../batches.js';

// biome-ignore lint/style/noDefaultExport: as poolifier's documentation has it
export default new ThreadWorker<Batch, unknown[]>((batch) =>
  runBatch(batch as Batch, workerData as WorkerSetup),
);
