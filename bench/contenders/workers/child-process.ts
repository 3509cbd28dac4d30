import { type Batch, runBatch, type WorkerSetup } from '../batches.js';

let given: WorkerSetup;

process.on('message', (message: { setup: WorkerSetup } | { batch: Batch }) => {
  if ('setup' in message) given = message.setup;
  else process.send?.(runBatch(message.batch, given));
});
