import { workerData } from 'node:worker_threads';
import workerpool from 'workerpool';
import { type Batch, runBatch, type WorkerSetup } from '../batches.js';

workerpool.worker({ run: (batch: Batch) => runBatch(batch, workerData as WorkerSetup) });
