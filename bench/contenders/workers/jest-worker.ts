import { type Batch, runBatch, type WorkerSetup } from '../batches.js';

let given: WorkerSetup;

export function setup(workerSetup: WorkerSetup): void {
  given = workerSetup;
}

export function run(batch: Batch): unknown[] {
  return runBatch(batch, given);
}
