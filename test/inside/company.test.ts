/** Children in company: other manners of modules, flags, permissions. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProgramOptions } from '../helpers/processes.js';
import { expected, reportOf, temporaryDir } from './company.js';

const LOADED = ['1f8b', '1f8b', '1f8b'];
const MODULE = 'maps-from-a-module.mjs';
const inModule = { came: expected, loaded: LOADED };

describe('CommonJS', () => {
  it.each([
    ['by require, where modules can be required', [], process.features.require_module],
    ['by import()', ['--no-experimental-require-module'], false],
  ])('has all that modules have, %s', async (_how, nodeArgs, canRequire) => {
    const isLate = Array(3).fill({ isLate: true });
    expect(await reportOf('maps-from-common-js.cjs', { nodeArgs })).toEqual({
      ...inModule,
      how: canRequire ? 'require' : 'import',
      late: isLate,
    });
  });
});

it('worker threads of every manner of modules make calls of all kinds, and so does their origin after them', async () => {
  const [esm, cjs, text, main] = Array(4).fill(expected);
  expect(await reportOf('maps-in-a-worker.mjs')).toEqual({ esm, cjs, text, main });
});

describe('Node started with', () => {
  it.each<[string, ProgramOptions]>([
    ['nothing', {}],
    ['--max-old-space-size=128', { nodeArgs: ['--max-old-space-size=128'] }],
    ['--max-old-space-size in NODE_OPTIONS', { env: { NODE_OPTIONS: '--max-old-space-size=128' } }],
    ['--v8-pool-size=0', { nodeArgs: ['--v8-pool-size=0'] }],
    ['--enable-source-maps', { nodeArgs: ['--enable-source-maps'] }],
    ['--trace-warnings and --throw-deprecation', { nodeArgs: ['--trace-warnings', '--throw-deprecation'] }],
  ])('%s makes calls of all kinds', async (_name, options) => {
    expect(await reportOf(MODULE, options)).toEqual(inModule);
  });

  it('--max-old-space-size: a child that takes more is ERR_FORKMAP_HEAP, and the origin lives on', async () => {
    const report = await reportOf('fills-the-heap-it-has.mjs', { nodeArgs: ['--max-old-space-size=128'] });
    expect(report).toEqual({ codes: Array(3).fill('ERR_FORKMAP_HEAP'), came: expected });
  });

  it('--cpu-prof writes the profile of the origin, and none of children', async () => {
    const dir = temporaryDir();
    const nodeArgs = ['--cpu-prof', '--cpu-prof-interval=100', `--cpu-prof-dir=${dir}`];
    expect(await reportOf(MODULE, { nodeArgs })).toEqual(inModule);
    const profiles = readdirSync(dir);
    expect(profiles).toHaveLength(1);
    const { nodes, samples } = JSON.parse(readFileSync(join(dir, profiles[0] as string), 'utf8'));
    expect(samples.length).toBeGreaterThan(0);
    const urls: string[] = nodes.map((node: { callFrame: { url: string } }) => node.callFrame.url);
    expect(urls).toContainEqual(expect.stringMatching(/\/company\/calls\.cjs$/));
  });

  it('--heap-prof writes the profile of the origin, and none of children', async () => {
    const dir = temporaryDir();
    const nodeArgs = ['--heap-prof', `--heap-prof-dir=${dir}`];
    expect(await reportOf(MODULE, { nodeArgs })).toEqual(inModule);
    const profiles = readdirSync(dir);
    expect(profiles).toHaveLength(1);
    expect(JSON.parse(readFileSync(join(dir, profiles[0] as string), 'utf8'))).toHaveProperty('head');
  });

  it('NODE_V8_COVERAGE writes the coverage of the origin once, and none of children', async () => {
    const dir = temporaryDir();
    const { pid, ...report } = await reportOf('says-its-pid-and-maps.mjs', {
      env: { NODE_V8_COVERAGE: dir },
    });
    expect(report).toEqual({ came: expected });
    const written = readdirSync(dir).map((name) => {
      const [, writer, thread] = /^coverage-(\d+)-\d+-(\d+)\.json$/.exec(name) ?? [];
      const { result } = JSON.parse(readFileSync(join(dir, name), 'utf8'));
      return { writer: Number(writer), thread: Number(thread), urls: result.map(({ url }: Script) => url) };
    });
    // One for each thread, drivers among them, as Node does it; each of the origin's own process.
    expect(new Set(written.map(({ writer }) => writer))).toEqual(new Set([pid]));
    const main = written.filter(({ thread }) => thread === 0);
    expect(main).toHaveLength(1);
    expect(main[0]?.urls).toContainEqual(expect.stringMatching(/says-its-pid-and-maps\.mjs$/));
  });
});

interface Script {
  url: string;
}

describe('--permission', () => {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const run = (name: string, allowed: string[]) => {
    const allow = ['fs-read=*', ...allowed].map((what) => `--allow-${what}`);
    return reportOf(name, { nodeArgs: ['--no-warnings', flag, ...allow] });
  };

  it('with addons and workers allowed, calls of all kinds work', async () => {
    expect(await run(MODULE, ['addons', 'worker'])).toEqual(inModule);
  });

  it('children may do what the origin may, and no more', async () => {
    const report = await run('tries-what-is-forbidden.mjs', ['addons', 'worker']);
    expect(report).toEqual({ origin: DENIED, forkMap: DENIED, parMap: [DENIED, DENIED] });
  });

  it('without addons, every call says which flag is missing', async () => {
    const failures = await run('says-what-fails.mjs', ['worker']);
    const failure = unsupported(/may load no addons\. .*--allow-addons/);
    expect(failures).toEqual({ forkMap: failure, forkMapSync: failure, parMap: failure, inline: [2, 4] });
  });

  it('without workers, parMap says which flag is missing, and nothing ran; forkMap works', async () => {
    const failures = await run('says-what-fails.mjs', ['addons']);
    const failure = unsupported(/may start no threads.*--allow-worker/);
    expect(failures).toEqual({ forkMap: 'done', forkMapSync: 'done', parMap: failure, inline: [2, 4] });
  });
});

const DENIED = { read: 'read', write: 'ERR_ACCESS_DENIED', spawn: 'ERR_ACCESS_DENIED' };

const unsupported = (message: RegExp) => ({
  code: 'ERR_FORKMAP_UNSUPPORTED',
  effect: 'CallableDidNotExecute',
  message: expect.stringMatching(message),
});
