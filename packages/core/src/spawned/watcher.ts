/**
 * A thread of a spawned process, which notices what the function at work cannot: that the origin is gone, and that this
 * process has taken more memory than it may. WHY a thread: a function that never returns to the event loop is to end too.
 */
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import type { WatcherData } from './watch-life.js';

const MEMORY_EVERY_MS = 20;

const { fd, memoryBytes, inheritedBytes } = workerData as WatcherData;
const life = new Socket({ fd });
life.on('error', () => undefined); // WHY: a close follows.
life.on('close', () => process.kill(process.pid, 'SIGKILL'));
life.resume();

if (memoryBytes !== undefined) {
  const look = setInterval(() => {
    const taken = process.memoryUsage.rss() - inheritedBytes;
    if (taken <= memoryBytes) return;
    clearInterval(look);
    // The origin ends this process: it is to know why.
    life.write(`${taken}\n`);
  }, MEMORY_EVERY_MS);
}
