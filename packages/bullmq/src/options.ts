import { checkOptions, invalidArgType, isInteger, isString } from '@forkmap/core/internal';
import type { RedisOptions } from 'ioredis';

/** Where Redis or Valkey is: a URL (`redis://user:password@host:6379/0`, `rediss://` for TLS), or ioredis' options. */
export type Connection = string | RedisOptions;

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
export interface ClusterOptions extends SharedOptions {}

/** Options of `startWorker()`, and of `forkmap worker`. */
export interface WorkerOptions extends SharedOptions {
  /** Globs below `root` of the modules whose exports may run here; a package by `npm:name`. All others are refused. */
  tasks: string | readonly string[];
  /** Chunks at the same time, each in a process of its own. Default: the CPUs available. */
  lanes?: number;
  /** Names this worker in messages and lists. Default: the machine's name and the process id. */
  name?: string;
}

/** The defaults of `ClusterOptions` and `WorkerOptions`. This is the only copy. */
export const CLUSTER_DEFAULTS = Object.freeze({ prefix: 'forkmap', lease: 10_000 });

type Checked<O> = O & typeof CLUSTER_DEFAULTS;

function isConnection(name: string, value: unknown): void {
  if (typeof value === 'string' || (typeof value === 'object' && value !== null)) return;
  throw invalidArgType(name, "a URL such as 'redis://localhost:6379', or ioredis' options", value);
}

function isPatterns(name: string, value: unknown): void {
  const all = Array.isArray(value) ? value : [value];
  if (all.length > 0 && all.every((one) => typeof one === 'string')) return;
  throw invalidArgType(name, 'a glob, or a list of globs', value);
}

const SHARED_CHECKS = {
  connection: isConnection,
  release: isString,
  prefix: isString,
  root: isString,
  lease: isInteger(1000),
  secret: isString,
};

/** Checks the options of a cluster and fills in the defaults. */
export function checkClusterOptions(options: ClusterOptions): Checked<ClusterOptions> {
  const checked = checkOptions<Checked<ClusterOptions>>(options, SHARED_CHECKS, CLUSTER_DEFAULTS);
  isConnection('connection', checked.connection);
  return checked;
}

/** Checks the options of a worker and fills in the defaults. */
export function checkWorkerOptions(options: WorkerOptions): Checked<WorkerOptions> {
  const checks = { ...SHARED_CHECKS, tasks: isPatterns, lanes: isInteger(1, 4096), name: isString };
  const checked = checkOptions<Checked<WorkerOptions>>(options, checks, CLUSTER_DEFAULTS);
  isConnection('connection', checked.connection);
  isPatterns('tasks', checked.tasks);
  return checked;
}
