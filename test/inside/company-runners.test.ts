/** Children of programs that are run by others: test runners, and loaders. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as module from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { expected, reportOf, temporaryDir } from './company.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const runners = join(root, 'test', 'fixtures', 'company', 'runners');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');

/** A run of a test runner, to its end. */
async function runOf(args: string[]) {
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, VITEST: ___, ...env } = process.env;
  const runner = spawn(process.execPath, args, { cwd: runners, env, stdio: ['ignore', 'pipe', 'pipe'] });
  releaseAtEnd(() => void runner.kill('SIGKILL'));
  const end = once(runner, 'close');
  const [stdout, stderr] = await Promise.all([text(runner.stdout), text(runner.stderr)]);
  const [code] = await end;
  return { code, output: stdout + stderr };
}

describe('node --test', () => {
  // Node 20 cannot report the coverage of files with source maps such as the packages', forked or not.
  const withCoverage = [', with its coverage', ['--test', '--experimental-test-coverage']] as const;
  it.each<readonly [how: string, args: readonly string[]]>([
    ['', ['--test']],
    [', in one process', []],
    ...(Number.parseInt(process.versions.node, 10) > 20 ? [withCoverage] : []),
  ])('passes tests that make calls, and no child reports to it%s', async (_how, args) => {
    const { code, output } = await runOf([...args, '--test-reporter=tap', 'of-node.mjs']);
    const counts = [...output.matchAll(/^# (tests|pass|fail|cancelled) (\d+)/gm)];
    const told = { code, counts: Object.fromEntries(counts.map(([, name, count]) => [name, Number(count)])) };
    expect(told, output).toEqual({
      code: 0,
      counts: { tests: 6, pass: 6, fail: 0, cancelled: 0 },
    });
  });
});

describe('vitest', () => {
  it.each(['forks', 'threads', 'vmForks', 'vmThreads'])(
    'passes tests that make calls, in its pool of %s',
    async (pool) => {
      const report = join(temporaryDir(), 'report.json');
      const { code, output } = await runOf([
        ...[vitest, 'run', '--root', runners, '--pool', pool],
        ...['--reporter=json', `--outputFile.json=${report}`],
      ]);
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ numTotalTests: 6, numPassedTests: 6 });
    },
  );
});

describe('a loader that compiles', () => {
  const run = (hooks: string, flag = '--import') => {
    const file = join(root, 'test', 'fixtures', 'company', 'loader', hooks);
    return reportOf(join('loader', 'maps-in-typescript.ts'), { nodeArgs: [flag, file] });
  };
  const came = { came: expected, colours: ['red', 'blue'] };

  it('on a thread of its own: calls work, and to load a module in a child is a typed error', async () => {
    const lateErrors = ['ERR_FORKMAP_UNSETTLED', 'ERR_FORKMAP_DEADLOCK'];
    const { late, ...rest } = await run('registers-hooks.mjs');
    expect(rest).toEqual(came);
    expect(lateErrors).toContain(late);
  });

  // `module.registerHooks` came with Node 22.15 and 23.5.
  it.runIf('registerHooks' in module)(
    'in the thread: calls work, and so does to load a module in a child',
    async () => {
      expect(await run('registers-hooks-in-thread.mjs')).toEqual({ ...came, late: 9 });
    },
  );
});
