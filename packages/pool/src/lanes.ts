import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

let cached: number | undefined;

/** Children at the same time by default: `FORKMAP_LANES`, or the CPUs available to this process. */
export function defaultLanes(): number {
  const asked = Number(process.env.FORKMAP_LANES);
  if (Number.isInteger(asked) && asked > 0) return asked;
  cached ??= Math.max(1, Math.min(availableParallelism(), Math.ceil(quotaOfCgroup())));
  return cached;
}

/** CPUs' worth of time that this process's cgroup may use; infinity where nothing limits it. */
function quotaOfCgroup(): number {
  const own = read('/proc/self/cgroup');
  const path = own?.match(/^0::(.*)$/m)?.[1] ?? '/';
  // SOURCE: Linux, Documentation/admin-guide/cgroup-v2.rst: cpu.max is `quota period` in µs, or `max period`.
  const v2 = read(`/sys/fs/cgroup${path}/cpu.max`) ?? read('/sys/fs/cgroup/cpu.max');
  if (v2) return ratio(v2.split(' '));
  const v1 = ['quota', 'period'].map((name) => read(`/sys/fs/cgroup/cpu/cpu.cfs_${name}_us`) ?? '');
  return ratio(v1);
}

function ratio([quota, period]: string[]): number {
  const cpus = Number(quota) / Number(period);
  return cpus > 0 ? cpus : Number.POSITIVE_INFINITY;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined; // WHY: no such file on this system is an answer.
  }
}
