/** A short form of test/stress: what hangs or crashes once in some hundred forks shows there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { scaled } from '../helpers/time.js';

it(
  '60 forks while the origin and two worker threads collect and compile: no hang, no crash',
  async () => {
    const program = join(import.meta.dirname, '..', 'stress', 'forks-under-churn.mjs');
    const args = [program, 'forks=60', `limit=${scaled(20_000)}`, '--json'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    releaseAtEnd(() => void child.kill('SIGKILL'));
    const [figures] = await Promise.all([json(child.stdout), once(child, 'close')]);
    expect(figures).toMatchObject({ hangs: 0, crashes: 0, wrong: 0, errors: {} });
    expect((figures as { forks: number }).forks).toBeGreaterThanOrEqual(60);
  },
  scaled(90_000),
);
