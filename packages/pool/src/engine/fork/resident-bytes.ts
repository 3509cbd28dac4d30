import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;

/**
 * The resident memory of this process; 0 where that cannot be told, for it takes a descriptor.
 * WHY not process.memoryUsage.rss(): libuv aborts where the descriptor that it opens for that is 0, 1 or 2, as in a daemon
 * that has closed these. SOURCE: libuv 1.46, src/unix/core.c, uv__close; proc_pid_statm(5).
 */
export function residentBytes(): number {
  try {
    return Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
