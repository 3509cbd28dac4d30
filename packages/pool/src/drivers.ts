import { forkError, native } from '@forkmap/core/internal';
import type { DriveRequest, Outcome } from '@forkmap/native';
import { Piscina } from 'piscina';
import type { DriveTask } from './driver.js';

const IDLE_MS = 30_000;
const ARRIVE_WITHIN_MS = 1000;

/** The threads of this process that drive lanes: started when needed, ended when idle, never keeping it alive. */
let piscina: Piscina | undefined;
/** Threads that have started and not ended. */
let up = 0;
let starting = 0;
/** Threads that were ever begun, and, in memory that they share, how many of them have come to their own code. */
let begun = 0;
const arrived = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
/** Forks of this thread that are about to be made. */
let forksDue = 0;
/** Chunks at work: on threads that were up, and on the addon's own meanwhile. */
let busy = 0;
let meanwhile = 0;

/** How many threads are there to drive lanes, at work or not. */
export function driverThreads(): number {
  return up;
}

function threads(): Piscina {
  if (piscina) return piscina;
  piscina = new Piscina({
    filename: new URL('./driver.js', import.meta.url).href,
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
  piscina.on('workerDestroy', () => {
    up = Math.max(0, up - 1);
  });
  return piscina;
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
 * @returns the chunk's outcome, or why its thread could not say: it could not be started, or was ended from outside.
 */
export async function driveChunk(
  id: number,
  request: DriveRequest,
): Promise<Outcome | { undriven: unknown }> {
  if (busy >= up) {
    // WHY not for every call: one with few chunks is over before a thread has started.
    if (request.shouldPromote && forksDue === 0 && up + starting <= busy + meanwhile) startThread();
    return driveMeanwhile(id, request);
  }
  const task: DriveTask = { id, request };
  busy += 1;
  try {
    return (await threads().run(task)) as Outcome;
  } catch (undriven) {
    return { undriven };
  } finally {
    busy -= 1;
  }
}

/** One more, for chunks to come. */
function startThread(): void {
  const pool = threads();
  const before = pool.threads.length;
  const task: DriveTask = {};
  starting += 1;
  const there = pool.run(task);
  begun += Math.max(0, pool.threads.length - before);
  there
    .then(
      () => {
        up += 1;
      },
      () => undefined, // WHY: it could not be started; the next chunk is driven all the same, and tries again.
    )
    .finally(() => {
      starting -= 1;
    });
}

/** Until a thread is there: a Worker takes longer to start than many calls take. The addon's own has nothing to load. */
function driveMeanwhile(id: number, request: DriveRequest): Promise<Outcome> {
  meanwhile += 1;
  return new Promise((resolve) => {
    native().driveInBackground(id, request, (outcome) => {
      meanwhile -= 1;
      resolve(outcome);
    });
  });
}
