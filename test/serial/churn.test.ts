/** A short form of test/stress: what hangs or crashes once in some hundred forks shows there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { scaled } from '../helpers/time.js';

/** What a program of test/stress reports. */
async function figuresOf(name: string, settings: string[]) {
  const program = join(import.meta.dirname, '..', 'stress', name);
  const args = [program, ...settings, `limit=${scaled(20_000)}`, '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  releaseAtEnd(() => void child.kill('SIGKILL'));
  const [figures] = await Promise.all([json(child.stdout), once(child, 'close')]);
  return figures as { forks: number };
}

it(
  '60 forks while the origin and two worker threads collect and compile: no hang, no crash',
  async () => {
    const figures = await figuresOf('forks-under-churn.mjs', ['forks=60']);
    expect(figures).toMatchObject({ hangs: 0, crashes: 0, wrong: 0, errors: {} });
    expect(figures.forks).toBeGreaterThanOrEqual(60);
  },
  scaled(90_000),
);

it(
  '60 forks while worker threads begin and end, and start programs: all that was begun ends well',
  async () => {
    const figures = await figuresOf('workers-come-and-go.mjs', ['forks=60']);
    expect(figures).toMatchObject({ failures: 0, errors: {} });
    expect(figures.forks).toBeGreaterThanOrEqual(60);
  },
  scaled(90_000),
);
