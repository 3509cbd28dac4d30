import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { forkError } from '@forkmap/core/internal';

/** Who writes to a journal, as its lock says. */
interface Owner {
  pid: number;
  /** When that process began, as the system counts it: a pid is used again. Empty where the system does not say. */
  began: string;
  host: string;
  /** One per lock, so that it is not taken for another. */
  id: string;
}

/** So often is a lock tried again that was stale, and was taken by another meanwhile. */
const ATTEMPTS = 3;

/**
 * Makes this process the only writer of a journal, by a file beside it. A lock whose process has ended is taken over.
 * @returns lets go of it
 * @throws `ERR_FORKMAP_JOURNAL` where another has it
 */
export function lockJournal(file: string): () => void {
  const lock = `${file}.lock`;
  const own: Owner = { pid: process.pid, began: beganOf(process.pid), host: hostname(), id: randomUUID() };
  const draft = `${lock}.${own.id}`;
  writeFileSync(draft, JSON.stringify(own), { flag: 'wx' });
  try {
    // WHY a link: the lock appears whole, or not at all.
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (tryLink(draft, lock)) return () => unlock(lock, own);
      const owner = readOwner(lock);
      if (owner && isAlive(owner)) throw locked(file, owner);
      if (owner) takeAway(lock, owner, `${draft}.stale`);
    }
    throw locked(file, readOwner(lock));
  } finally {
    rmSync(draft, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a stale lock. Another may have taken it over meanwhile: then it is put back. */
function takeAway(lock: string, stale: Owner, aside: string): void {
  try {
    renameSync(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return; // another was quicker
    throw error;
  }
  if (readOwner(aside)?.id !== stale.id) tryLink(aside, lock);
  unlinkSync(aside);
}

function unlock(lock: string, own: Owner): void {
  if (readOwner(lock)?.id === own.id) rmSync(lock, { force: true });
}

/** Undefined where there is no lock. One that cannot be read is nobody's. */
function readOwner(lock: string): Owner | undefined {
  let text: string;
  try {
    text = readFileSync(lock, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const nobody: Owner = { pid: 0, began: '', host: hostname(), id: '' };
  try {
    return { ...nobody, ...(JSON.parse(text) as Owner) };
  } catch {
    return nobody;
  }
}

/** WHY yes on another host: nothing can be known of it. */
function isAlive({ pid, began, host }: Owner): boolean {
  if (host !== hostname()) return true;
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const beganNow = beganOf(pid);
  return began === '' || beganNow === '' || began === beganNow;
}

/** SOURCE: proc(5), /proc/pid/stat, field 22; the name in field 2 may hold spaces and brackets. */
function beganOf(pid: number): string {
  try {
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${bootId}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return ''; // a system without /proc, or the process is gone
  }
}

function locked(file: string, owner: Owner | undefined): Error {
  const isHere = owner?.host === hostname();
  const who = owner ? `process ${owner.pid}${isHere ? '' : ` on ${owner.host}`}` : 'another process';
  const advice = isHere ? 'Wait until it has ended' : `If it is gone, delete ${file}.lock`;
  return forkError(
    'ERR_FORKMAP_JOURNAL',
    `the journal ${file} is being written by ${who}. ${advice}; nothing was run`,
  );
}
