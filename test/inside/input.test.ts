import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';

const program = join(import.meta.dirname, '..', 'fixtures', 'inside', 'reads-input.mjs');

/** How the shell feeds a command `typed`, by each kind of file. */
const INPUTS: Record<string, { command: (run: string, dir: string) => string[]; typed: string }> = {
  'a pipe': { command: (run) => ['sh', '-c', `printf typed | ${run}`], typed: 'typed' },
  'a file': { command: (run, dir) => ['sh', '-c', `${run} < ${dir}/typed`], typed: 'typed' },
  nothing: { command: (run) => ['sh', '-c', `${run} < /dev/null`], typed: '' },
  'a socket': { command: (run) => ['sh', '-c', `exec ${run}`], typed: 'typed' },
  'a terminal': { command: (run) => ['script', '-qefc', run, '/dev/null'], typed: 'typed\n' },
};
const USES = ['unused', 'used', 'imported'];
const cases = Object.keys(INPUTS).flatMap((input) => USES.map((use) => ({ input, use })));

it.each(cases)(
  'standard input of a child is at its end, where the origin has $input, $use',
  async ({ input, use }) => {
    const dir = mkdtempSync(join(tmpdir(), 'forkmap-input-'));
    writeFileSync(join(dir, 'typed'), 'typed');
    const { command, typed } = INPUTS[input] as (typeof INPUTS)[string];
    const [file, ...args] = command(`${process.execPath} ${program} ${use}`, dir) as [string, ...string[]];
    const child = spawn(file, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    releaseAtEnd(() => void child.kill('SIGKILL'));
    // A terminal's end of input is typed, too.
    child.stdin.end(input === 'a terminal' ? 'typed\n\x04' : 'typed');
    child.stdin.on('error', () => {}); // it may read from elsewhere
    const printed = await text(child.stdout);
    rmSync(dir, { recursive: true });
    const line = printed.split('\n').find((line) => line.startsWith('{'));
    const { inChildren, inOrigin } = JSON.parse(line ?? 'null');
    expect(inChildren).toEqual(['', '', '', '', '', 'false,0', 'a stream']);
    expect(inOrigin).toBe(typed);
  },
);
