import { readFileSync } from 'node:fs';

/**
 * Counts processes of this cgroup that the kernel's OOM killer has ended since this was called; 0 where that is not
 * known. SOURCE: Linux, Documentation/admin-guide/cgroup-v2.rst, memory.events: oom_kill.
 */
export function oomKillCounter(): () => number {
  const path = eventsPath();
  const before = path === undefined ? 0 : readKills(path);
  return () => (path === undefined ? 0 : readKills(path) - before);
}

function eventsPath(): string | undefined {
  try {
    const own = readFileSync('/proc/self/cgroup', 'utf8').match(/^0::(.*)$/m)?.[1];
    return own === undefined ? undefined : `/sys/fs/cgroup${own === '/' ? '' : own}/memory.events`;
  } catch {
    return undefined; // WHY: no /proc here; then nothing is known of the OOM killer.
  }
}

function readKills(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8').match(/^oom_kill (\d+)$/m)?.[1] ?? 0);
  } catch {
    return 0; // WHY: the root cgroup has no such file.
  }
}
