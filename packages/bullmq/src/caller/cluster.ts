import { type Engine, REMOTE_ENGINE, type RemoteCall, type RemoteEngine } from '@forkmap/pool/internal';
import { type ClusterOptions, checkClusterOptions } from '../options.js';
import type { WorkerInfo } from '../wire/registry.js';
import { ClusterEngine } from './cluster-engine.js';
import { Link } from './link.js';

/** WHY two: the next chunk is there when one is done, and other callers get their share. */
const CHUNKS_PER_LANE = 2;
/** Chunks in flight while it is not known how many lanes the workers have. */
const FIRST_CHUNKS = 16;

/** What waits, and who is there to run it: for autoscaling. */
export interface ClusterLoad {
  /** Chunks of this release that wait for a worker. */
  waiting: number;
  /** Chunks that run. */
  active: number;
  /** Chunks that the workers of this release can run at the same time. */
  lanes: number;
}

/**
 * Machines that run chunks: `parMap(items, task, { engine: cluster })`. Chunks are BullMQ jobs on Redis or Valkey;
 * functions are tasks, found by name in the same release of the program by `forkmap worker` on each machine.
 *
 * @example
 * const cluster = new Cluster({ connection: 'redis://localhost:6379' });
 * const scores = await parMap(texts, task(import.meta.url, 'score', score), { engine: cluster });
 * await cluster.close();
 */
export class Cluster implements RemoteEngine {
  readonly #link: Link;

  /** Connects to Redis when it is first used. @throws TypeError, RangeError for wrong options */
  constructor(options: ClusterOptions) {
    this.#link = new Link(checkClusterOptions(options));
    // WHY: a first call may ask how many lanes there are.
    this.#link.look().catch(() => undefined);
  }

  /** The release whose workers take this cluster's chunks. */
  get release(): string {
    return this.#link.release;
  }

  /** Chunks in flight at the same time where a call does not say. */
  get lanes(): number {
    return this.#link.lanes > 0 ? this.#link.lanes * CHUNKS_PER_LANE : FIRST_CHUNKS;
  }

  /** The name of the BullMQ queue, for dashboards. */
  get queueName(): string {
    return this.#link.queue.name;
  }

  /** The workers that are alive, those of other releases among them. */
  workers(): Promise<WorkerInfo[]> {
    return this.#link.look();
  }

  async load(): Promise<ClusterLoad> {
    await this.#link.look();
    const { waiting = 0, active = 0 } = await this.#link.queue.getJobCounts('waiting', 'active');
    return { waiting, active, lanes: this.#link.lanes };
  }

  /** Lets go of Redis. Calls that are open are not waited for. */
  close(): Promise<void> {
    return this.#link.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal */
  [REMOTE_ENGINE](call: RemoteCall): Engine {
    return new ClusterEngine(this.#link, call, CHUNKS_PER_LANE);
  }
}
