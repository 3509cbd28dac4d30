import { readdirSync, readFileSync } from 'node:fs';

/** Threads that Node and V8 start by themselves, and ours, by the names they have since Node 24. */
const OWN =
  /^(node|MainThread|node-MainThread|DelayedTaskSche.*|(node-)?V8Worker|SignalInspector|libuv-worker|iou-.*|forkmap)$/;
/** The main thread, V8's scheduler of delayed tasks, and the one that waits for SIGUSR1. */
const FIXED_THREADS = 3;
const DEFAULT_V8_POOL = 4;
const DEFAULT_UV_POOL = 4;
/** Worker threads, ours among them. */
const WORKERS = 'WorkerThread';

/** Threads of this process that a child does not have, other than those that are replaced in it. */
export interface MissingThreads {
  /** All threads of this process. */
  total: number;
  /** How many of them neither Node nor V8 has started by itself. */
  strange: number;
  /** How many there are of each name that is none of Node's. */
  names: Map<string, number>;
}

/** Undefined where there is no /proc. */
export function missingThreads(): MissingThreads | undefined {
  const all = threadNames();
  if (!all) return undefined;
  const names = new Map<string, number>();
  for (const name of all) if (!OWN.test(name)) names.set(name, (names.get(name) ?? 0) + 1);
  const named = [...names.values()].reduce((sum, count) => sum + count, 0);
  const unnamed = Math.max(0, all.length - named - usualThreads());
  return { total: all.length, strange: named + unnamed, names };
}

/** Those of native libraries, for a message: `libvips worker (3), tokio-runtime-w`. Undefined where there are none. */
export function missingLibraryThreads(): string | undefined {
  const names = missingThreads()?.names ?? new Map<string, number>();
  const parts = [...names]
    .filter(([name]) => name !== WORKERS)
    .map(([name, count]) => (count === 1 ? name : `${name} (${count})`));
  return parts.length > 0 ? parts.join(', ') : undefined;
}

function threadNames(): string[] | undefined {
  try {
    return readdirSync('/proc/self/task').map(nameOf);
  } catch {
    return undefined; // WHY: that there is no /proc is the answer.
  }
}

function nameOf(thread: string): string {
  try {
    return readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim();
  } catch {
    return 'node'; // WHY: it has ended between two looks.
  }
}

function usualThreads(): number {
  const v8 = process.execArgv.find((arg) => /^--v8[-_]pool[-_]size=/.test(arg))?.split('=')[1];
  const uv = process.env.UV_THREADPOOL_SIZE;
  return FIXED_THREADS + Number(v8 ?? DEFAULT_V8_POOL) + Number(uv ?? DEFAULT_UV_POOL);
}
