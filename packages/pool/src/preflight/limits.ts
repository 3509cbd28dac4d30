import { availableParallelism } from 'node:os';
import { defaultLanes } from '../lanes.js';
import type { Finding } from './finding.js';
import { mib, namesIn, plural, readCgroup, readText } from './proc.js';

/** A call has about so many descriptors open per lane, and some of its own. */
const FDS_PER_LANE = 6;
const FDS_PER_CALL = 16;
/** Snapshot, lanes, children. */
const PROCESSES_PER_LANE = 2;
const NEARLY_FULL = 0.8;
const STRICT_OVERCOMMIT = '2';

/** What the system allows: CPUs, descriptors, processes, memory. */
export function findLimits(): Finding[] {
  return [findCpus(), findDescriptors(), findProcesses(), findMemory()];
}

function findCpus(): Finding {
  const lanes = defaultLanes();
  const found = `${plural(lanes, 'lane')} by default, of ${plural(availableParallelism(), 'CPU')}`;
  if (lanes > 1) return { topic: 'CPUs', level: 'ok', found, advice: 'Nothing to do.' };
  const advice = 'With one lane nothing runs in parallel: calls give isolation, and no speed.';
  return { topic: 'CPUs', level: 'note', found, advice };
}

function findDescriptors(): Finding {
  const limit = ulimit('Max open files');
  const open = namesIn('/proc/self/fd').length;
  const needed = open + FDS_PER_CALL + defaultLanes() * FDS_PER_LANE;
  const isShort = limit < needed;
  return {
    topic: 'descriptors',
    level: isShort ? 'warning' : 'ok',
    found: `${open} open of ${countOrNone(limit)} (ulimit -n)`,
    advice: isShort ? `A call needs about ${needed}: raise ulimit -n, or use fewer lanes.` : 'Nothing to do.',
  };
}

function findProcesses(): Finding {
  const limit = Math.min(ulimit('Max processes'), cgroupNumber('pids.max'));
  const now = cgroupNumber('pids.current');
  const needed = 1 + defaultLanes() * PROCESSES_PER_LANE;
  // WHY only the cgroup's count: nobody counts cheaply what ulimit -u is about.
  const isShort = limit < needed || (now !== Number.POSITIVE_INFINITY && limit - now < needed);
  const running = now === Number.POSITIVE_INFINITY ? '' : `${now} running of `;
  return {
    topic: 'processes',
    level: isShort ? 'warning' : 'ok',
    found: `${running}${countOrNone(limit)} (ulimit -u, cgroup pids.max)`,
    advice: isShort
      ? `A call forks up to ${needed} at a time: raise the limit, or use fewer lanes.`
      : 'Nothing to do.',
  };
}

function findMemory(): Finding {
  const max = cgroupNumber('memory.max');
  const current = cgroupNumber('memory.current');
  const isStrict = readText('/proc/sys/vm/overcommit_memory') === STRICT_OVERCOMMIT;
  const isNearlyFull = current / max > NEARLY_FULL && max !== Number.POSITIVE_INFINITY;
  const limit = max === Number.POSITIVE_INFINITY ? 'no limit' : `${mib(current)} used of ${mib(max)}`;
  const found = `${limit} (cgroup memory.max)${isStrict ? ', overcommit forbidden (vm.overcommit_memory=2)' : ''}`;
  if (isStrict) {
    const advice = 'Each fork is charged the whole process: allow overcommit, or forks fail with ENOMEM.';
    return { topic: 'memory', level: 'warning', found, advice };
  }
  if (isNearlyFull) {
    const advice =
      "Children need memory for what they change: set memoryLimit, or the kernel's OOM killer chooses.";
    return { topic: 'memory', level: 'warning', found, advice };
  }
  return { topic: 'memory', level: 'ok', found, advice: 'Nothing to do.' };
}

/** The soft limit. SOURCE: proc_pid_limits(5). */
function ulimit(name: string): number {
  const line = readText('/proc/self/limits')
    ?.split('\n')
    .find((each) => each.startsWith(name));
  return toNumber(line?.slice(name.length).trim().split(/\s+/)[0]);
}

function cgroupNumber(name: string): number {
  return toNumber(readCgroup(name));
}

/** What is not given, `max` and `unlimited` are no limit. */
function toNumber(text: string | undefined): number {
  const value = Number(text);
  return text === undefined || text === '' || Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

function countOrNone(limit: number): string {
  return limit === Number.POSITIVE_INFINITY ? 'no limit' : String(limit);
}
