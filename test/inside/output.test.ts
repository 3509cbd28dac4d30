import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';

const program = join(import.meta.dirname, '..', 'fixtures', 'inside', 'prints-long-lines.mjs');
const MIB = 1 << 20;

const CALLS = ['forkMap', 'forkMapSync', 'parMap', 'parMap of asynchronous functions'];
const PRINTS = ['console.log', 'write', 'writeToError'];

/** Runs a command line of the shell, and gives what it printed. */
async function outputOf(file: string, args: string[]): Promise<Buffer> {
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  releaseAtEnd(() => void child.kill('SIGKILL'));
  const end = once(child, 'close');
  const output = await buffer(child.stdout);
  expect(await end).toEqual([0, null]);
  return output;
}

/** How the shell sends the output of a command to each kind of file. */
const FILES: Record<string, (command: string) => Promise<Buffer>> = {
  'a socket': (command) => outputOf('sh', ['-c', `${command} 2>&1`]),
  'a pipe': (command) => outputOf('sh', ['-c', `${command} 2>&1 | cat`]),
  'a file': async (command) => {
    const dir = mkdtempSync(join(tmpdir(), 'forkmap-output-'));
    await outputOf('sh', ['-c', `${command} > ${dir}/out 2>&1`]);
    const output = readFileSync(join(dir, 'out'));
    rmSync(dir, { recursive: true });
    return output;
  },
  'a file, by its end': async (command) => {
    const dir = mkdtempSync(join(tmpdir(), 'forkmap-output-'));
    await outputOf('sh', ['-c', `${command} >> ${dir}/out 2>> ${dir}/out`]);
    const output = readFileSync(join(dir, 'out'));
    rmSync(dir, { recursive: true });
    return output;
  },
  'a terminal': (command) => outputOf('script', ['-qefc', command, '/dev/null']),
};

const cases = Object.keys(FILES).flatMap((file, at) =>
  CALLS.map((call, i) => {
    // Each kind of file with each call, every second one on a stream that the origin has used.
    return { file, call, print: PRINTS[(at + i) % PRINTS.length], use: (at + i) % 2 ? 'used' : 'unused' };
  }),
);

it.each(cases)(
  'lines of 1 MB to $file arrive whole: $print in $call, stream $use',
  async ({ file, call, print, use }) => {
    const command = `${process.execPath} ${program} '${call}' ${print} ${use}`;
    const output = await (FILES[file] as (typeof FILES)[string])(command);
    const lines = output
      .toString('latin1')
      .split(/\r?\n/)
      .filter((line) => line !== '' && line !== 'from the origin');
    const kinds = lines.map((line) =>
      line === line.charAt(0).repeat(MIB) ? line.charAt(0) : `broken (${line.length})`,
    );
    expect(kinds.sort().join('')).toBe('aaaabbbb');
  },
);
