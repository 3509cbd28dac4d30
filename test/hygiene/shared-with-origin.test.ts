import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { runProgram, startProgram, survivors } from '../helpers/processes.js';

const fixtures = join(import.meta.dirname, '..', 'fixtures');
const isRoot = process.getuid?.() === 0;
/** Whether a program may have mounts of its own here. */
const mayUnmount = isRoot && spawnSync('unshare', ['-m', 'true']).status === 0;

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'forkmap-shared-'));
  releaseAtEnd(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Runs a command line of the shell to its end, and gives its standard error. */
async function errorOf(command: string): Promise<string> {
  const shell = spawn('sh', ['-c', command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  releaseAtEnd(() => void shell.kill('SIGKILL'));
  shell.stdout.resume();
  return text(shell.stderr);
}

describe('what children do to an open file that they share', () => {
  const program = `${process.execPath} ${join(fixtures, 'prints-in-children.mjs')}`;

  it.each([
    ['a pipe', `${program} | cat`],
    ['a socket', program],
    ['a file', `${program} > /dev/null`],
  ])('leaves the flags of the standard output as they were: %s', async (_, command) => {
    const { before, after } = JSON.parse(await errorOf(command));
    expect(before).toMatch(/^\d+$/);
    expect(after).toBe(before);
  });

  it('has no part in how the origin hears itself', async () => {
    const { code, signal, stdout } = await runProgram('writes-astray.mjs');
    expect({ code, signal, stdout }).toEqual({ code: 0, signal: null, stdout: 'alive\n' });
  });
});

it('works where the origin has closed its standard descriptors', async () => {
  const file = join(makeFolder(), 'out');
  const { code, signal } = await runProgram('closes-its-standard-descriptors.mjs', { args: [file] });
  expect({ code, signal }).toEqual({ code: 0, signal: null });
  expect(readFileSync(file, 'utf8')).toBe('5\n5\n5\n5,5,5,5\n');
});

it.runIf(isRoot).each(['forkMap', 'parMap'])(
  'a child of %s that has changed its user ends with the origin',
  async (call) => {
    const program = startProgram('changes-its-user.mjs', { args: [call] });
    const [line] = (await once(createInterface({ input: program.stdout }), 'line')) as [string];
    program.kill('SIGKILL');
    await once(program, 'exit');
    expect(await survivors([Number(line)], 1_000)).toEqual([]);
  },
);

it.runIf(mayUnmount)('says that it needs /proc where there is none', () => {
  const command = 'umount -l /proc && exec "$0" "$1"';
  const program = join(fixtures, 'forks-without-proc.mjs');
  const out = execFileSync('unshare', ['-m', 'sh', '-c', command, process.execPath, program]);
  const codes = JSON.parse(out.toString()) as [string, boolean, string][];
  expect(codes).toHaveLength(3);
  for (const [code, retryable, message] of codes) {
    expect({ code, retryable }).toEqual({ code: 'ERR_FORKMAP_UNSUPPORTED', retryable: true });
    expect(message).toContain('/proc');
  }
});

it.runIf(isRoot).each([14, 16, 18, 20, 24])(
  'no item dies because no thread can be started (%i allowed)',
  async (threads) => {
    const user = ['--reuid=64321', '--regid=64321', '--clear-groups'];
    const program = join(fixtures, 'has-no-thread-to-spare.mjs');
    const node = ['prlimit', `--nproc=${threads}`, process.execPath, program];
    const run = spawn('setpriv', [...user, ...node], { stdio: ['ignore', 'pipe', 'ignore'] });
    releaseAtEnd(() => void run.kill('SIGKILL'));
    const [out] = await Promise.all([text(run.stdout), once(run, 'exit')]);
    // WHY nothing: with fewer threads than Node itself needs it does not start.
    expect(['[]\n', '']).toContain(out);
  },
);
