import { forkError } from '@forkmap/core/internal';
import type { DriveRequest, Outcome } from '@forkmap/native';
import { Piscina } from 'piscina';
import type { DriveTask } from './driver.js';

const IDLE_MS = 30_000;

let piscina: Piscina | undefined;

/** The threads of this process that drive lanes: started when first needed, ended when idle, never keeping it alive. */
function drivers(): Piscina {
  piscina ??= new Piscina({
    filename: new URL('./driver.js', import.meta.url).href,
    name: 'drive',
    minThreads: 0,
    // WHY so many: calls bound their own chunks in flight; a thread is only started where one is needed now.
    maxThreads: 4096,
    idleTimeout: IDLE_MS,
    concurrentTasksPerWorker: 1,
    // WHY none: a driver needs none of the loaders, hooks and flags of the caller's program.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 2 },
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
 * Has a driver thread run one chunk of a call, from fork to reap.
 * @returns the chunk's outcome, or why its thread could not say: it could not be started, or was ended from outside.
 */
export async function driveChunk(
  id: number,
  request: DriveRequest,
): Promise<Outcome | { undriven: unknown }> {
  const task: DriveTask = { id, request };
  try {
    return (await drivers().run(task)) as Outcome;
  } catch (undriven) {
    return { undriven };
  }
}
