import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BenchResult } from '../../bench/result.js';
import { scaled } from '../helpers/time.js';

const program = fileURLToPath(new URL('../../bench/dist/run.js', import.meta.url));

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'forkmap-bench-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const bench = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args, '--out', dir], {
    encoding: 'utf8',
    timeout: scaled(90_000),
  });

function onlyResult(): BenchResult {
  const [file = '', ...more] = readdirSync(join(dir, 'results'));
  expect(more).toEqual([]);
  return JSON.parse(readFileSync(join(dir, 'results', file), 'utf8')) as BenchResult;
}

it('a run records what each contender took, on which machine, and draws it', {
  timeout: scaled(120_000),
}, () => {
  const { status, stdout, stderr } = bench('--tiny', '--suite', 'contenders,sweep');
  expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' });
  const result = onlyResult();
  expect(result).toMatchObject({ format: 1, mode: 'tiny', failed: [], machine: { node: process.version } });
  const cpu = result.contenders?.filter(({ workload }) => workload === 'cpu').map(({ label }) => label);
  expect(cpu).toEqual(['serial loop', 'parMap', 'piscina', 'child_process.fork']);
  for (const { cold } of result.contenders ?? []) expect(cold.median).toBeGreaterThan(0);
  const page = readFileSync(join(dir, 'report.html'), 'utf8');
  expect(page.match(/<figure/g)?.length).toBeGreaterThan(3);
  expect(page).not.toMatch(/<script|NaN|undefined/);
  expect(readFileSync(join(dir, 'README.md'), 'utf8')).toContain('| child_process.fork |');
});

it('an unknown suite is refused by name', () => {
  const { status, stderr } = bench('--tiny', '--suite', 'sweeps');
  expect(status).toBe(1);
  expect(stderr).toContain(
    "unknown suite 'sweeps'; there are ladder, codecs, memory, defaults, contenders, sweep",
  );
});
