/** The origin's own child processes cost after calls of parMap what they cost before: see test/stress for the times. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scaled } from '../helpers/time.js';

it(
  'calls of parMap leave nothing of a heap of 200 MB to be copied by later forks',
  () => {
    const program = join(import.meta.dirname, '..', 'stress', 'spawn-after-calls.mjs');
    const args = [program, 'calls=30', 'trials=5', '--json'];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: scaled(60_000) });
    const { forkedMib, rssMib } = JSON.parse(stdout);
    expect(rssMib).toBeGreaterThan(180);
    // The stacks and small allocations of some threads are added; the heap would be far more.
    expect(forkedMib[1] - forkedMib[0]).toBeLessThan(40);
    expect(forkedMib[1]).toBeLessThan(rssMib / 2);
  },
  scaled(90_000),
);
