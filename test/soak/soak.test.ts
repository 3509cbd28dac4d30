import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { scaled } from '../helpers/time.js';

it(
  'a short soak leaves nothing wrong, and nothing behind',
  async () => {
    const program = spawn(
      process.execPath,
      ['--expose-gc', join(import.meta.dirname, 'soak.mjs'), '--chunks', '200', '--seed', '1'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    releaseAtEnd(() => void program.kill('SIGKILL'));
    const [stdout, stderr] = await Promise.all([
      text(program.stdout),
      text(program.stderr),
      once(program, 'close'),
    ]);
    expect(stdout, stderr).not.toBe('');
    const found = JSON.parse(stdout) as Record<string, number> & {
      before: { rssMiB: number };
      after: { rssMiB: number };
    };
    expect(found).toMatchObject({ wrong: [], hangs: 0, begunTwice: 0, unsettled: 0, isLevel: true });
    expect(found.chunks).toBeGreaterThanOrEqual(200);
  },
  scaled(120_000),
);
