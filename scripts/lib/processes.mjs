/** The processes of a session, found in /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const graceMs = 3_000;

/**
 * Those that still run after a moment of grace, described.
 * @param {number} session
 */
export async function processesOfSession(session) {
  const deadline = Date.now() + graceMs;
  while (find(session).length > 0 && Date.now() < deadline) await sleep(50);
  return find(session).map(({ pid, command }) => `${pid} ${command}`);
}

/** @param {number} session */
export function killSession(session) {
  for (const { pid } of find(session)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
    }
  }
}

/** @param {number} session @returns {{ pid: number, command: string }[]} zombies left out */
function find(session) {
  const found = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = readIfAlive(`/proc/${entry}/stat`);
    // SOURCE: proc_pid_stat(5): pid (comm) state ppid pgrp session …; comm may itself contain brackets.
    const [state, , , sessionOfProcess] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(sessionOfProcess) !== session || state === 'Z' || state === 'X') continue;
    found.push({
      pid: Number(entry),
      command: readIfAlive(`/proc/${entry}/cmdline`).replaceAll('\0', ' ').trim(),
    });
  }
  return found;
}

/** @param {string} file in /proc, of a process that may end at any moment: then '' */
function readIfAlive(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}
