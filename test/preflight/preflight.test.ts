import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { type Finding, forkMapSync, preflight } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../helpers/processes.js';

const topics = [
  ...['addon', 'fork', 'threads', 'sockets', 'native modules', 'ids'],
  ...['CPUs', 'descriptors', 'processes', 'memory'],
];

const find = (topic: string) => preflight().findings.find((finding) => finding.topic === topic) as Finding;

describe('preflight()', () => {
  it('looks at everything, each with a sentence of advice', () => {
    const { canFork, findings, text } = preflight();
    expect(canFork).toBe(true);
    expect(findings.map(({ topic }) => topic)).toEqual(topics);
    for (const { level, found, advice } of findings) {
      expect(['ok', 'note', 'warning']).toContain(level);
      expect(found).not.toBe('');
      expect(advice).toMatch(/^[A-Z].*\.$/s);
    }
    for (const topic of topics) expect(text).toContain(`${topic}: `);
  });

  it('measures a fork and says which chunks are worth it', () => {
    const { found, advice } = find('fork');
    const ms = Number(/took ([\d.]+) ms, with \d+ MiB resident/.exec(found)?.[1]);
    const worthMs = Number(/chunks that take (\d+) ms/.exec(advice)?.[1]);
    expect(worthMs / ms).toBeGreaterThan(15);
    expect(worthMs / ms).toBeLessThan(25);
  });

  it('sees sockets that are open', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { level, found, advice } = find('sockets');
    server.close();
    expect({ level, found }).toMatchObject({
      level: 'note',
      found: expect.stringMatching(/1 TCPServerWrap/),
    });
    expect(advice).toMatch(/connect anew/);
  });

  it('sees threads that Node does not start by itself', async () => {
    const workers = Array.from(
      { length: 12 },
      () => new Worker('setInterval(() => undefined, 1e6)', { eval: true }),
    );
    await Promise.all(workers.map((worker) => once(worker, 'online')));
    const { level, found } = find('threads');
    await Promise.all(workers.map((worker) => worker.terminate()));
    expect(level).toBe('note');
    expect(Number(/of which (\d+)/.exec(found)?.[1])).toBeGreaterThanOrEqual(12 - 4);
  });

  it('warns of modules that would make the same ids in siblings', () => {
    expect(find('ids')).toMatchObject({ level: 'ok' });
    const require = createRequire(import.meta.url);
    const { nanoid } = require('nanoid-cjs') as typeof import('nanoid');
    const first = nanoid();
    expect(find('ids')).toMatchObject({ level: 'warning', found: expect.stringMatching(/: nanoid$/) });
    // What the advice says holds: what the pool can have is used up, and then ids differ.
    const draw = (setup?: () => void) =>
      [1, 2].map(() =>
        forkMapSync(() => {
          setup?.();
          return nanoid();
        }),
      );
    const useUp = () => {
      for (let i = 0; i < 128; i++) nanoid();
    };
    expect(new Set(draw()).size).toBe(1);
    expect(new Set([first, nanoid(), ...draw(useUp)]).size).toBe(4);
  });

  it('answers in a child, too, without forking', () => {
    expect(forkMapSync(() => preflight().findings.map(({ topic }) => topic))).toEqual(
      topics.filter((topic) => topic !== 'fork'),
    );
  });
});

describe('forkmap preflight', () => {
  const run = (...args: string[]) => runProgram('../../packages/cli/bin/forkmap.mjs', { args });

  it('prints the findings', async () => {
    const { code, stdout, stderr } = await run('preflight');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const topic of topics) expect(stdout).toMatch(new RegExp(`^(ok|note|warning) +${topic}: `, 'm'));
  });

  it('counts no thread of a bare Node as strange, and finds no socket and no native module', async () => {
    const { stdout } = await run('preflight');
    expect(stdout).toMatch(/^ok {6}threads: \d+ threads, of which 0 are not Node's usual ones$/m);
    expect(stdout).toMatch(/^ok {6}sockets: none open$/m);
    expect(stdout).toMatch(/^ok {6}native modules: none loaded$/m);
  });

  it('warns where descriptors are few', async () => {
    const { code, stdout } = await runProgram('runs-with-few-descriptors.mjs', {
      args: [new URL('../../packages/cli/bin/forkmap.mjs', import.meta.url).pathname, 'preflight'],
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^warning descriptors: \d+ open of 40 \(ulimit -n\)$/m);
  });

  it.each([
    [[], 2],
    [['nonsense'], 2],
    [['--help'], 0],
  ])('%j: says how it is used', async (args, expected) => {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(expected);
    expect(stdout + stderr).toMatch(/^usage: forkmap build \| preflight \| worker$/m);
  });
});
