import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const FIXTURE = fileURLToPath(new URL('../fixtures/keeps-a-journal.mjs', import.meta.url));
const ITEMS = 2000;
const SUM = Array.from({ length: ITEMS }, (_, id) => id ** 3).reduce((sum, cube) => sum + cube, 0);

let file: string;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ends-'));
  file = join(dir, 'journal');
});
afterEach(() => rmSync(dir, { recursive: true }));

const records = () => readFileSync(file, 'utf8').split('\n').slice(1, -1);

/** Runs the fixture until it has told of so many items, and kills it. */
function killAfter(told: number): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [FIXTURE, file, String(ITEMS)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.split('\n').length > told / 50) child.kill('SIGKILL');
    });
    child.on('close', () => resolve());
  });
}

it('what was told of before a SIGKILL is in the journal, and is not run again', async () => {
  let known = 0;
  for (const told of [50, 300, 700]) {
    await killAfter(told);
    expect(records().length).toBeGreaterThanOrEqual(Math.max(told, known));
    known = records().length;
  }
  const { stdout } = spawnSync(process.execPath, [FIXTURE, file, String(ITEMS)], { encoding: 'utf8' });
  expect(stdout).toContain(`sum ${SUM}\n`);
  const keys = records().map((line) => line.slice(0, 40));
  expect(new Set(keys).size).toBe(ITEMS);
  expect(keys).toHaveLength(ITEMS);
});

it('a full disk fails the call, and what the journal holds is safe', () => {
  // WHY a limit of the file's size: it fails in the same place as a full disk does, and needs no disk to fill.
  const limited = spawnSync(
    'bash',
    ['-c', `ulimit -f 100; trap '' XFSZ; exec "$0" "$@"`, process.execPath, FIXTURE, file, String(ITEMS)],
    { encoding: 'utf8' },
  );
  expect(limited.stdout).toMatch(/ERR_FORKMAP_WRITE EFBIG the journal .* cannot be written: EFBIG/);
  const safe = records().length;
  expect(safe).toBeGreaterThan(100);
  expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
  const { stdout } = spawnSync(process.execPath, [FIXTURE, file, String(ITEMS)], { encoding: 'utf8' });
  expect(stdout).toContain(`sum ${SUM}\n`);
  expect(records()).toHaveLength(ITEMS);
});
