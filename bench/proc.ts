/** Memory of a process and all that descends from it, read from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** Gives the sum of the proportional set sizes of the process and its descendants, in KiB. Ended ones count as 0. */
export function pssOfTreeKiB(pid: number): number {
  return treeOf(pid).reduce((sum, each) => sum + fieldKiB(`/proc/${each}/smaps_rollup`, 'Pss'), 0);
}

/** Gives the peak resident set of a process in KiB. */
export function peakRssKiB(pid: number): number {
  return fieldKiB(`/proc/${pid}/status`, 'VmHWM');
}

/** SOURCE: proc(5): /proc/pid/task/tid/children. WHY every thread: a child hangs below the thread that forked it. */
function treeOf(pid: number): number[] {
  const own: number[] = [];
  for (const thread of list(`/proc/${pid}/task`)) {
    const children = read(`/proc/${pid}/task/${thread}/children`).split(' ');
    own.push(...children.filter((each) => each !== '').map(Number));
  }
  return [pid, ...own.flatMap(treeOf)];
}

function fieldKiB(path: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(read(path))?.[1] ?? 0);
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return []; // WHY: a process may end while it is looked at.
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // WHY: as above.
  }
}

/** Watches a tree until told to stop; gives the peak seen, in MiB. */
export function watchPeakPss(pid: number, intervalMs = 25): () => number {
  let peakKiB = 0;
  let timer: NodeJS.Timeout;
  // WHY: a look at much memory takes long, and holds up those who own it. It may take a tenth of the time.
  const LOOKING_SHARE = 0.1;
  const look = () => {
    const beganMs = performance.now();
    peakKiB = Math.max(peakKiB, pssOfTreeKiB(pid));
    timer = setTimeout(look, Math.max(intervalMs, (performance.now() - beganMs) / LOOKING_SHARE));
  };
  look();
  return () => {
    clearTimeout(timer);
    return Math.round(peakKiB / 1024);
  };
}
