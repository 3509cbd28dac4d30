import { readFileSync } from 'node:fs';
import { join } from 'node:path';

let counters: readonly string[] | undefined;

/**
 * Counts processes of this cgroup that the kernel's OOM killer has ended since this was called; 0 where that is not
 * known.
 */
export function oomKillCounter(): () => number {
  const before = countKills();
  return () => countKills() - before;
}

/**
 * Where the kernel may count them, likelier ones first: in a line `oom_kill n`, which both versions of cgroups have.
 * SOURCE: Linux, Documentation/admin-guide/cgroup-v2.rst: memory.events; cgroup-v1/memory.rst: memory.oom_control.
 * @param cgroups what /proc/self/cgroup says
 */
export function oomCounters(cgroups: string): string[] {
  const v1 = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(cgroups)?.[1];
  const v2 = /^0::(.*)$/m.exec(cgroups)?.[1];
  if (v1 !== undefined) return inOrAt('/sys/fs/cgroup/memory', v1, 'memory.oom_control');
  if (v2 !== undefined) return inOrAt('/sys/fs/cgroup', v2, 'memory.events');
  return [];
}

/** WHY the root as well: in a container, what is mounted there may be its own cgroup, of which /proc has a longer name. */
function inOrAt(root: string, own: string, name: string): string[] {
  return [join(root, own, name), join(root, name)];
}

function countKills(): number {
  counters ??= oomCounters(read('/proc/self/cgroup') ?? '');
  for (const path of counters) {
    const kills = read(path)?.match(/^oom_kill (\d+)$/m)?.[1];
    if (kills !== undefined) return Number(kills);
  }
  return 0;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // WHY: a system without it is one where nothing is known of the OOM killer.
  }
}
