/** Trials: each is a fresh process that measures one thing and ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { distDir } from './paths.js';

/** What a trial process is told: `measure` names a module of measure/, the rest is for that module. */
export type TrialRequest = { measure: string } & Record<string, unknown>;

export interface TrialOptions {
  /** Killed after this, and failed. Default: 60,000. */
  deadlineMs?: number;
  env?: NodeJS.ProcessEnv;
  nodeArgs?: string[];
  /** Called once the process has begun; what it gives back is called when it has ended. */
  onStart?: (pid: number) => () => void;
}

/** What a trial said, and how long after its start its first word came. */
export interface TrialAnswer<T> {
  answer: T;
  firstWordMs: number;
}

/** Runs one trial. Rejects where it fails, says nothing, or leaves a wrong answer: a trial checks its answers itself. */
export async function runTrial<T>(
  request: TrialRequest,
  options: TrialOptions = {},
): Promise<TrialAnswer<T>> {
  const { deadlineMs = 60_000, env, nodeArgs = [], onStart } = options;
  const args = [...nodeArgs, join(distDir, 'trial.js'), JSON.stringify(request)];
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const ended = onStart?.(child.pid as number);
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, deadlineMs);
  let firstWordMs = Number.NaN;
  const said = collect(child.stdio[3] as Readable, () => {
    firstWordMs = performance.now() - startedMs;
  });
  const complained = collect(child.stderr as Readable);
  const [code, signal] = await once(child, 'exit');
  clearTimeout(limit);
  ended?.();
  if (isLate) throw new Error(`the trial was not done after ${deadlineMs} ms`);
  if (code !== 0) throw new Error(`the trial ended with ${signal ?? code}: ${gist(await complained)}`);
  return { answer: JSON.parse(await said) as T, firstWordMs };
}

/** Of what Node prints of an uncaught error, the line that says what it is. */
function gist(complaint: string): string {
  const lines = complaint.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /^(\w*Error|Error)\b.*:/.test(line)) ?? lines.slice(-3).join(' ');
}

async function collect(stream: Readable, onFirst?: () => void): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) {
    if (parts.length === 0) onFirst?.();
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString();
}
