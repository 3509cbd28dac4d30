import { join } from 'node:path';
import { forkError, native } from '@forkmap/core/internal';
import type { DriveRequest, Outcome } from '@forkmap/native';
import type { Piscina } from 'piscina';
import type { DriveTask } from './driver.js';

const IDLE_MS = 30_000;
const ARRIVE_WITHIN_MS = 1000;
/** What the heap of such a thread adds to all that every fork has to copy (SOURCE: smaps of Node 20 to 26)… */
const BYTES_PER_THREAD = 12 * 2 ** 20;
/** …and how much of the rest that may be. */
const WORTHWHILE_SHARE = 1 / 20;

/** The threads of this process that drive lanes: started when needed, ended when idle, never keeping it alive. */
let piscina: Piscina | undefined;
/** Tasks that wait for a thread to have started. */
let starting = 0;
/** Threads that were ever begun, and, in memory that they share, how many of them have come to their own code. */
let begun = 0;
const arrived = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
/** Forks of this thread that are about to be made. */
let forksDue = 0;
/** Chunks at work: on threads that were up, and on the addon's own meanwhile. */
let busy = 0;
let meanwhile = 0;

async function threads(): Promise<Piscina> {
  if (piscina) return piscina;
  // WHY not before: it takes longer to load than all the rest, and most processes never need it.
  const loaded = await import('piscina');
  piscina ??= new loaded.Piscina({
    filename: join(import.meta.dirname, 'driver.cjs'),
    name: 'drive',
    minThreads: 0,
    // WHY so many: calls bound their own chunks in flight; a thread is only started where one is needed now.
    maxThreads: 4096,
    idleTimeout: IDLE_MS,
    concurrentTasksPerWorker: 1,
    // WHY none: a driver needs none of the loaders, hooks and flags of the caller's program.
    execArgv: [],
    workerData: arrived,
    // WHY not by Atomics: a thread that waits by them goes through a lock that all threads share, which a fork may catch.
    atomics: 'disabled',
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 2 },
  });
  return piscina;
}

/** Threads that have started and not ended. */
function up(): number {
  return Math.max(0, (piscina?.threads.length ?? 0) - starting);
}

/** Why drivers cannot be started, and how to mend it; undefined where they can. */
export function whyNoDrivers(): string | undefined {
  // WHY partial: it is there with --permission only.
  const { permission }: Partial<NodeJS.Process> = process;
  if (!permission || permission.has('worker')) return undefined;
  return 'this process may start no threads, which drive children. Run Node with --allow-worker beside --permission';
}

/** Throws `ERR_FORKMAP_UNSUPPORTED` where drivers cannot be started. */
export function checkDrivers(): void {
  const why = whyNoDrivers();
  if (why) throw forkError('ERR_FORKMAP_UNSUPPORTED', `forking is not supported here: ${why}`);
}

/**
 * Has this thread forked, while no driver thread is being started.
 * WHY: a thread that starts takes locks of V8 that all threads share. A child that is forked meanwhile may inherit one of
 * them, taken, and sleep for ever. So this thread waits until those that start are there, some ten milliseconds at most.
 * @param fork resolves when it was forked
 */
export async function forkUndisturbed<T>(fork: () => Promise<T>): Promise<T> {
  forksDue += 1;
  try {
    awaitArrivals();
    return await fork();
  } finally {
    forksDue -= 1;
  }
}

function awaitArrivals(): void {
  for (let there = Atomics.load(arrived, 0); there < begun; there = Atomics.load(arrived, 0)) {
    // WHY: one that failed to start is not waited for again.
    if (Atomics.wait(arrived, 0, there, ARRIVE_WITHIN_MS) === 'timed-out') begun = Atomics.load(arrived, 0);
  }
}

/**
 * Has a driver thread run one chunk of a call, from fork to reap.
 * @param copiedBytes what this process has resident, of which forks of the call copy
 * @returns the chunk's outcome, or why its thread could not say: it could not be started, or was ended from outside.
 */
export async function driveChunk(
  id: number,
  request: DriveRequest,
  copiedBytes: number,
): Promise<Outcome | { undriven: unknown }> {
  if (!piscina || busy >= up()) {
    if (request.shouldPromote && isThreadWorthwhile(copiedBytes)) void startThread();
    return driveMeanwhile(id, request);
  }
  const task: DriveTask = { id, request };
  busy += 1;
  try {
    return (await piscina.run(task)) as Outcome;
  } catch (undriven) {
    return { undriven };
  } finally {
    busy -= 1;
  }
}

/**
 * WHY not always: a call with few chunks is over before a thread has started; and a Worker has a heap of its own, which
 * each fork of a small process would take twice as long to copy.
 */
function isThreadWorthwhile(copiedBytes: number): boolean {
  const threads = up() + starting;
  if (forksDue > 0 || threads > busy + meanwhile) return false;
  return copiedBytes * WORTHWHILE_SHARE >= BYTES_PER_THREAD * (threads + 1);
}

/** Has so many threads up before any call asks for them. While no call runs. */
export async function startDriverThreads(count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, startThread));
}

/** One more, for chunks to come. */
async function startThread(): Promise<void> {
  const task: DriveTask = {};
  starting += 1;
  try {
    const pool = await threads();
    if (forksDue > 0) return;
    const before = pool.threads.length;
    const there = pool.run(task);
    begun += Math.max(0, pool.threads.length - before);
    await there;
  } catch {
    // WHY no more: it could not be started. The next chunk is driven all the same, and tries again.
  } finally {
    starting -= 1;
  }
}

/** Where no such thread is free: the addon's own have nothing to load, and no heap. */
function driveMeanwhile(id: number, request: DriveRequest): Promise<Outcome> {
  meanwhile += 1;
  return new Promise((resolve) => {
    native().driveInBackground(id, request, (outcome) => {
      meanwhile -= 1;
      resolve(outcome);
    });
  });
}
