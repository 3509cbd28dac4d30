import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

export interface WatcherData {
  fd: number;
  /** More than this, beyond what it took when the watch began, is told to the origin. */
  memoryBytes?: number | undefined;
  inheritedBytes: number;
}

/** From now on this process ends when the other end of the descriptor is closed, whatever it is at. */
export function watchLife(fd: number, memoryBytes: number | undefined): void {
  const workerData: WatcherData = { fd, memoryBytes, inheritedBytes: process.memoryUsage.rss() };
  const watcher = new Worker(join(import.meta.dirname, 'watcher.cjs'), {
    workerData,
    // WHY none: it needs none of the loaders, hooks and flags of the caller's program.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
  });
  watcher.unref();
}
