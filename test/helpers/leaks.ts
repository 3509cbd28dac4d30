import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, expect } from 'vitest';
import { releaseHeld } from './held.js';
import { scaled } from './time.js';

/** What this process holds of the kernel's: a number per kind, such as `pipe`, `socket`, `child`, `zombie`. */
export type Holdings = Map<string, string[]>;

/**
 * Registers hooks for the file: after each test this process must hold no more descriptors, children and zombies of any
 * kind than before the first. What is not level at once is given a moment.
 * @param warmUp starts, before the first count, what starts once and stays, such as the pool's threads
 */
export function expectNoLeaks(warmUp?: () => unknown): void {
  let before: Holdings;
  beforeAll(async () => {
    const cold = countHoldings();
    await warmUp?.();
    // A warm process keeps descriptors, of its threads' event loops; it keeps no child.
    const processes = ['child', 'zombie'].map((kind) => [kind, cold.get(kind) ?? []] as const);
    before = new Map([...countHoldings(), ...processes]);
  });
  afterEach(async () => {
    releaseHeld();
    const after = await settled(before, scaled(3_000));
    const leaks = growth(before, after);
    before = after;
    expect(leaks, 'left behind').toEqual([]);
  });
}

/** Counts what this process holds now. Throws where the kernel does not say. */
export function countHoldings(): Holdings {
  const holdings: Holdings = new Map();
  const add = (kind: string, what: string) => holdings.set(kind, [...(holdings.get(kind) ?? []), what]);
  for (const fd of readdirSync('/proc/self/fd')) {
    const target = ifStillThere(() => readlinkSync(`/proc/self/fd/${fd}`));
    if (target !== undefined) add(kindOf(target), `${fd} -> ${target}`);
  }
  for (const pid of childrenOfAllThreads()) {
    const stat = ifStillThere(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (stat === undefined) continue;
    // SOURCE: proc_pid_stat(5): pid (comm) state …; comm may itself contain brackets.
    const state = stat.charAt(stat.lastIndexOf(')') + 2);
    add(state === 'Z' ? 'zombie' : 'child', stat.slice(0, stat.lastIndexOf(')') + 1));
  }
  return holdings;
}

/** One line for each kind of which there is more now. */
export function growth(before: Holdings, after: Holdings): string[] {
  return [...after]
    .filter(([kind, now]) => now.length > (before.get(kind)?.length ?? 0))
    .map(([kind, now]) => {
      const old = before.get(kind) ?? [];
      return `${kind}: ${old.length} became ${now.length}: ${now.filter((what) => !old.includes(what)).join(', ')}`;
    });
}

/** The holdings as soon as none exceeds `before`, or those at the deadline. */
async function settled(before: Holdings, withinMs: number): Promise<Holdings> {
  const deadline = performance.now() + withinMs;
  let now = countHoldings();
  while (growth(before, now).length > 0 && performance.now() < deadline) {
    await sleep(10);
    now = countHoldings();
  }
  return now;
}

function childrenOfAllThreads(): string[] {
  // The main thread's file is always there, unless the kernel was built without CONFIG_PROC_CHILDREN: then this throws.
  const ofMainThread = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8');
  const ofOthers = readdirSync('/proc/self/task')
    .filter((thread) => thread !== String(process.pid))
    .map((thread) => ifStillThere(() => readFileSync(`/proc/self/task/${thread}/children`, 'utf8')) ?? '');
  return [ofMainThread, ...ofOthers].flatMap((pids) => pids.split(' ')).filter((pid) => pid !== '');
}

/** `pipe:[123]` is a pipe, `anon_inode:[eventfd]` an eventfd, `/memfd:name (deleted)` a memfd, a path a file. */
function kindOf(target: string): string {
  if (target.startsWith('/memfd:')) return 'memfd';
  if (target.startsWith('/')) return 'file';
  return /^anon_inode:\[?(\w+)/.exec(target)?.[1] ?? target.slice(0, target.indexOf(':'));
}

/** Undefined where a descriptor, thread or process ended between two looks. */
function ifStillThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
