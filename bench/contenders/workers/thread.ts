/** What the threads of piscina, tinypool and of others that call a default export run. */
import { workerData } from 'node:worker_threads';
import { type Batch, runBatch, type WorkerSetup } from '../batches.js';

// WHY: piscina and tinypool put what they were given in another place of workerData.
const setup = (Array.isArray(workerData) ? workerData[1] : workerData) as WorkerSetup;

// biome-ignore lint/style/noDefaultExport: piscina and tinypool call it
export default (batch: Batch) => runBatch(batch, setup);
