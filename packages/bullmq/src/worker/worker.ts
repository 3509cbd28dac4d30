import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { defaultLanes } from '@forkmap/pool/internal';
import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { checkWorkerOptions, type WorkerOptions } from '../options.js';
import { type CallEnd, type ChunkJob, endsChannel, queueName } from '../wire/keys.js';
import { defaultRoot } from '../wire/modules.js';
import { connect, disconnect } from '../wire/redis.js';
import { Registry, type WorkerInfo } from '../wire/registry.js';
import { releaseOf } from '../wire/release.js';
import { Seal } from '../wire/seal.js';
import { Calls } from './calls.js';
import { ChunkReport } from './chunk-report.js';
import { sweepJobs } from './sweep.js';
import { TaskList } from './tasks.js';

const BEATS_PER_LEASE = 4;
/** BullMQ's lock of a job, and how often it looks for jobs whose worker is gone. */
const LOCK_MS = 10_000;
const STALL_LOOK_MS = 5000;

/** A worker that takes chunks. */
export interface ClusterWorker extends AsyncDisposable {
  /** As `Cluster.workers()` lists it. */
  readonly info: WorkerInfo;
  /** Takes no more chunks, finishes those that run, and lets go of Redis. */
  close(): Promise<void>;
}

/**
 * Takes chunks of this release and runs them in processes of their own, never on this thread: what `forkmap worker` does.
 * @returns when it is there for callers
 * @throws TypeError, RangeError for wrong options
 *
 * @example
 * const worker = await startWorker({ connection: 'redis://localhost:6379', tasks: 'src/tasks/*.js' });
 * process.once('SIGTERM', () => worker.close());
 */
export async function startWorker(given: WorkerOptions): Promise<ClusterWorker> {
  const worker = new RunningWorker(given);
  await worker.start();
  return worker;
}

class RunningWorker implements ClusterWorker {
  readonly info: WorkerInfo;
  readonly #redis: Redis;
  readonly #listener: Redis;
  readonly #queueRedis: Redis;
  readonly #registry: Registry;
  readonly #leaseMs: number;
  readonly #calls: Calls;
  readonly #prefix: string;
  readonly #worker: Worker<ChunkJob>;
  #timer: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(given: WorkerOptions) {
    const options = checkWorkerOptions(given);
    const { connection, prefix, lease, secret, tasks } = options;
    const root = options.root ?? defaultRoot();
    const id = randomUUID();
    const host = hostname();
    const lanes = options.lanes ?? defaultLanes();
    const name = options.name ?? `${host} (${process.pid})`;
    const release = options.release ?? releaseOf(root);
    this.info = { id, name, host, pid: process.pid, release, lanes, busy: 0 };
    this.#prefix = prefix;
    this.#leaseMs = lease;
    this.#redis = connect(connection);
    this.#listener = connect(connection);
    this.#queueRedis = connect(connection);
    this.#registry = new Registry(this.#redis, prefix);
    const patterns = typeof tasks === 'string' ? [tasks] : tasks;
    this.#calls = new Calls({
      redis: this.#redis,
      prefix,
      seal: new Seal(secret),
      tasks: new TaskList(patterns, root),
    });
    this.#worker = new Worker(queueName(prefix, release), (job) => this.#run(job), {
      connection: this.#queueRedis,
      concurrency: lanes,
      autorun: false,
      lockDuration: LOCK_MS,
      stalledInterval: STALL_LOOK_MS,
      // WHY 0: BullMQ would run the job again; what was begun twice is for the caller to decide.
      maxStalledCount: 0,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    this.#worker.on('error', () => undefined);
  }

  async start(): Promise<void> {
    const channel = endsChannel(this.#prefix);
    this.#listener.on('message', (_, text) => void this.#endCall(text));
    await this.#listener.subscribe(channel);
    await this.#beat();
    void this.#worker.run().catch(() => undefined);
    await this.#worker.waitUntilReady();
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    await this.#worker.close();
    clearTimeout(this.#timer);
    await this.#registry.leave(this.info.id).catch(() => undefined);
    await this.#calls.endAll();
    for (const one of [this.#redis, this.#listener, this.#queueRedis]) disconnect(one);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(job: Job<ChunkJob>): Promise<void> {
    this.info.busy += 1;
    try {
      const { data } = job;
      const { id: worker, name } = this.info;
      const report = new ChunkReport({
        redis: this.#redis,
        job: data,
        prefix: this.#prefix,
        seal: this.#calls.seal,
        worker,
        name,
        ttlMs: 2 * this.#leaseMs,
      });
      await this.#calls.run(data, report);
    } finally {
      this.info.busy -= 1;
    }
  }

  async #endCall(text: string): Promise<void> {
    const { call, isCalledOff } = JSON.parse(text) as CallEnd;
    await this.#calls.end(call, isCalledOff);
  }

  async #beat(): Promise<void> {
    try {
      await this.#registry.beat(this.info, this.#leaseMs);
      await this.#calls.endThoseLeft();
      await sweepJobs(this.#worker.name, {
        connection: this.#queueRedis,
        redis: this.#redis,
        prefix: this.#prefix,
      });
    } catch {
      // WHY nothing: Redis refused. The next beat tries again.
    }
    this.#timer = setTimeout(() => void this.#beat(), this.#leaseMs / BEATS_PER_LEASE);
    if (this.#isClosing) this.#timer.unref();
  }
}
