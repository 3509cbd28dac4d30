/**
 * forkmap on many machines: `parMap(items, task, { engine: cluster })`, over BullMQ on Redis or Valkey.
 *
 * @module @forkmap/bullmq
 */
export { Cluster } from './caller/cluster.js';
export type { ClusterOptions, Connection, WorkerOptions } from './options.js';
export type { WorkerInfo } from './wire/registry.js';
export { type ClusterWorker, startWorker } from './worker/worker.js';
