import { execFileSync, spawn } from 'node:child_process';
import { forkMap, forkMapSync } from '@forkmap/core';
import { parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { expectNoLeaks } from '../helpers/leaks.js';
import { openMessages } from '../helpers/pipes.js';
import { isAlive, survivors } from '../helpers/processes.js';
import { rejectionOf, thrownBy, warmPool } from '../helpers/runs.js';
import { scaled, sleepForEver } from '../helpers/time.js';

expectNoLeaks(() => warmPool(2));

/** A shell and a program that it starts; both say their pids. */
const script = (path: string) => `echo $$ >> ${path}; sleep 600 & echo $! >> ${path}; wait`;

/** Runs the script and waits for it. */
const waitForProgram = (path: string) => () => void execFileSync('sh', ['-c', script(path)]);

/** Runs it, and dies when it has begun. */
const dieBesideProgram = (path: string) => () => {
  spawn('sh', ['-c', `${script(path)}`], { stdio: 'ignore' });
  execFileSync('sh', ['-c', `echo - >> ${path}`]);
  process.kill(process.pid, 'SIGKILL');
  sleepForEver();
};

async function pidsOf(messages: ReturnType<typeof openMessages>): Promise<number[]> {
  const pids: number[] = [];
  while (pids.length < 2) {
    const pid = Number(await messages.next());
    if (pid > 0) pids.push(pid);
  }
  releaseAtEnd(() => {
    for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL');
  });
  return pids;
}

describe('the programs that an item has started end with its child', () => {
  it.each<[string, (fn: () => void) => Promise<unknown>]>([
    ['over itemTimeout in parMap', (fn) => parMap([0], fn, { itemTimeout: scaled(1_000) })],
    [
      'over itemTimeout of a kept child',
      (fn) => parMap([0], fn, { itemTimeout: scaled(1_000), isolation: 'lane' }),
    ],
    ['over timeout in forkMap', (fn) => forkMap(fn, { timeout: scaled(1_000) })],
    ['over timeout in parMap', (fn) => parMap([0], fn, { timeout: scaled(1_000) })],
    ['over timeout in forkMapSync', async (fn) => forkMapSync(fn, { timeout: scaled(1_000) })],
  ])('%s', async (_, call) => {
    const messages = openMessages();
    const failed = rejectionOf(call(waitForProgram(messages.path)));
    const pids = await pidsOf(messages);
    expect(await failed).toMatchObject({ code: 'ERR_FORKMAP_TIMEOUT' });
    expect(await survivors(pids, 1_000)).toEqual([]);
  });

  it('aborted', async () => {
    const messages = openMessages();
    const controller = new AbortController();
    const failed = rejectionOf(parMap([0], waitForProgram(messages.path), { signal: controller.signal }));
    const pids = await pidsOf(messages);
    controller.abort('enough');
    expect(await failed).toBe('enough');
    expect(await survivors(pids, 1_000)).toEqual([]);
  });

  it.each([1, 12])('killed by a signal in parMap (%i chunks)', async (chunks) => {
    const messages = openMessages();
    const fn = dieBesideProgram(messages.path);
    const items = Array.from({ length: chunks }, (_, item) => item);
    const call = parMap(items, (item) => (item === 0 ? fn() : item), { chunk: 1, lanes: 1, settle: true });
    const [first] = (await call) as unknown as PromiseSettledResult<unknown>[];
    expect(first).toMatchObject({ reason: { code: 'ERR_FORKMAP_KILLED' } });
    const pids = await pidsOf(messages);
    expect(await survivors(pids, 1_000)).toEqual([]);
  });
});

it('a program that an item has detached lives on', async () => {
  const messages = openMessages();
  const fn = () => {
    spawn('sh', ['-c', script(messages.path)], { detached: true, stdio: 'ignore' }).unref();
    sleepForEver();
  };
  const error = thrownBy(() => forkMapSync(fn, { timeout: scaled(1_000) }));
  expect(error).toMatchObject({ code: 'ERR_FORKMAP_TIMEOUT' });
  const pids = await pidsOf(messages);
  expect(pids.filter(isAlive)).toEqual(pids);
});
