import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { releaseAtEnd } from './held.js';
import { scaled } from './time.js';

const fixtures = join(import.meta.dirname, '..', 'fixtures');

/** The state of a process, such as `R`, `S`, `T` (stopped) or `Z` (zombie). Undefined where there is none. */
export function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2);
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** The process that has forked it. Throws where there is none. */
export function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]);
}

/** All processes that a process comes from: one of them takes in those whose parent has died. */
export function ancestorsOf(pid: number): Set<number> {
  const ancestors = new Set<number>();
  for (let at = parentOf(pid); at > 0; at = parentOf(at)) ancestors.add(at);
  return ancestors;
}

/** True while a process is there and has not ended (a zombie has). */
export function isAlive(pid: number): boolean {
  return !['Z', 'X', undefined].includes(stateOf(pid));
}

/** Those of the processes that live on after so many ms. Resolves at once where none does. */
export async function survivors(pids: readonly number[], withinMs: number): Promise<number[]> {
  const deadline = performance.now() + scaled(withinMs);
  let alive = pids.filter(isAlive);
  while (alive.length > 0 && performance.now() < deadline) {
    await sleep(5);
    alive = alive.filter(isAlive);
  }
  return alive;
}

export interface ProgramOptions {
  args?: readonly string[];
  nodeArgs?: readonly string[];
  env?: NodeJS.ProcessEnv;
}

/** Starts a program of test/fixtures in a Node of its own. It is killed when the test is finished. */
export function startProgram(name: string, { args = [], nodeArgs = [], env = {} }: ProgramOptions = {}) {
  const program = spawn(process.execPath, [...nodeArgs, join(fixtures, name), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  releaseAtEnd(() => void program.kill('SIGKILL'));
  return program;
}

/** Where `@forkmap/*`, and what tests depend on, are found. */
const testFolder = join(import.meta.dirname, '..');

/** Runs a program of a few lines, a module, in a Node of its own. */
export async function runText(source: string, options: ProgramOptions = {}): Promise<ProgramEnd> {
  const { args = [], nodeArgs = [], env = {} } = options;
  const argv = [...nodeArgs, '--input-type=module', '-e', source, '--', ...args];
  const program = spawn(process.execPath, argv, {
    cwd: testFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  releaseAtEnd(() => void program.kill('SIGKILL'));
  return endOf(program);
}

export interface ProgramEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Runs a program of test/fixtures to its end, and until nothing that it forked holds its output any more. */
export async function runProgram(name: string, options?: ProgramOptions): Promise<ProgramEnd> {
  return endOf(startProgram(name, options));
}

async function endOf(program: ChildProcessByStdio<null, Readable, Readable>): Promise<ProgramEnd> {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(program.stdout),
    text(program.stderr),
    once(program, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { code, signal, stdout, stderr };
}
