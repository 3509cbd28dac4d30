import { Engine, REMOTE_ENGINE, RemoteCall, RemoteEngine } from "@forkmap/pool/internal";
import { RedisOptions } from "ioredis";

/** Where Redis or Valkey is: a URL (`redis://user:password@host:6379/0`, `rediss://` for TLS), or ioredis' options. */
type Connection = string | RedisOptions;
/** What both ends must agree upon. */
interface SharedOptions {
  /** Where Redis or Valkey is. */
  connection: Connection;
  /**
   * Names the code that callers and workers run: a worker takes only the chunks of its own release.
   * Default: a hash of the lock file and the sources below `root`.
   */
  release?: string;
  /** Begins the name of every key and of the queue. Default: `forkmap`. */
  prefix?: string;
  /** The folder of the program: task modules are named relative to it. Default: the nearest folder with a package.json. */
  root?: string;
  /** Milliseconds after which a caller or a worker that says nothing counts as gone. Default: 10,000. */
  lease?: number;
  /** Signs all that goes through Redis (HMAC-SHA256); whoever does not know it is refused. Default: nothing is signed. */
  secret?: string;
}
/** Options of `new Cluster()`. */
interface ClusterOptions extends SharedOptions {}
/** Options of `startWorker()`, and of `forkmap worker`. */
interface WorkerOptions extends SharedOptions {
  /** Globs below `root` of the modules whose exports may run here; a package by `npm:name`. All others are refused. */
  tasks: string | readonly string[];
  /** Chunks at the same time, each in a process of its own. Default: the CPUs available. */
  lanes?: number;
  /** Names this worker in messages and lists. Default: the machine's name and the process id. */
  name?: string;
}
/** A worker, as it says itself. */
interface WorkerInfo {
  id: string;
  /** Of its options, or the machine's name and its process id. */
  name: string;
  host: string;
  pid: number;
  release: string;
  /** Chunks that it runs at the same time. */
  lanes: number;
  /** Chunks that it runs now. */
  busy: number;
}
/** What waits, and who is there to run it: for autoscaling. */
interface ClusterLoad {
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
declare class Cluster implements RemoteEngine {
  #private;
  /** Connects to Redis when it is first used. @throws TypeError, RangeError for wrong options */
  constructor(options: ClusterOptions);
  /** The release whose workers take this cluster's chunks. */
  get release(): string;
  /** Chunks in flight at the same time where a call does not say. */
  get lanes(): number;
  /** The name of the BullMQ queue, for dashboards. */
  get queueName(): string;
  /** The workers that are alive, those of other releases among them. */
  workers(): Promise<WorkerInfo[]>;
  load(): Promise<ClusterLoad>;
  /** Lets go of Redis. Calls that are open are not waited for. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
  /** @internal */
  [REMOTE_ENGINE](call: RemoteCall): Engine;
}
/** A worker that takes chunks. */
interface ClusterWorker extends AsyncDisposable {
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
declare function startWorker(given: WorkerOptions): Promise<ClusterWorker>;
export { Cluster, type ClusterOptions, type ClusterWorker, type Connection, type WorkerInfo, type WorkerOptions, startWorker };
