/** How calls and their origin's life go together. Each origin is a program of its own. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type ParMapOptions, parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { isAlive, runProgram, startProgram, survivors } from '../helpers/processes.js';
import { scaled } from '../helpers/time.js';

const lineOf = (stdout: string, at: number) => JSON.parse(stdout.trim().split('\n').at(at) as string);

it('a program whose calls are done ends by itself, at once', async () => {
  const { code, stdout, stderr } = await runProgram('ends-by-itself.mjs');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { results, upMs } = lineOf(stdout, 1);
  expect(results).toEqual([1, 2, 3, 4, 5, 6]);
  // The driver threads live on for much longer where something else keeps the process alive.
  expect(upMs - lineOf(stdout, 0).doneMs).toBeLessThan(scaled(1_000));
});

it.each(['forkMap', 'parMap'])('a pending %s() keeps the process alive until it is settled', async (call) => {
  const { code, stdout, stderr } = await runProgram('waits-for-a-call.mjs', { args: [call] });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'done', stderr: '' });
});

const CALLS = ['forkMap', 'parMap', 'lane', 'lanes'];

describe.each(CALLS)('in the middle of a call (%s)', (call) => {
  it('process.exit() in the origin ends it at once, with its exit code and without its children', async () => {
    const { code, signal, stdout, stderr } = await runProgram('exits-during-a-call.mjs', { args: [call] });
    expect({ code, signal, stderr }).toEqual({ code: 7, signal: null, stderr: '' });
    expect(await survivors(lineOf(stdout, 0).pids, 1_000)).toEqual([]);
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    '%s ends the origin, and no child outlives it by 1 s',
    async (signal) => {
      const origin = startProgram('exits-during-a-call.mjs', { args: [call, 'stay'] });
      const [line] = (await once(createInterface({ input: origin.stdout }), 'line')) as [string];
      const { pids } = JSON.parse(line) as { pids: number[] };
      expect(pids.length).toBeGreaterThanOrEqual(2);
      expect(await survivors(pids, 0)).toEqual(pids);
      origin.kill(signal);
      expect((await once(origin, 'exit'))[1]).toBe(signal);
      expect(await survivors(pids, 1_000)).toEqual([]);
    },
  );
});

it.each(CALLS)('process.exit() in the middle of a call (%s) takes less than a second', async (call) => {
  const origin = startProgram('exits-during-a-call.mjs', { args: [call] });
  await once(createInterface({ input: origin.stdout }), 'line');
  const startedMs = performance.now();
  await once(origin, 'exit');
  expect(performance.now() - startedMs).toBeLessThan(scaled(1_000));
});

/** Of whom a child is one. */
class Family {
  readonly pids: number[];
  constructor(pids: number[]) {
    this.pids = pids;
  }
}

// WHY it matters: what the origin writes to while they have the same memory is copied, page by page.
it.each(['chunk', 'lane'] as const)(
  'no child and no snapshot is left while the last results are decoded (isolation %s)',
  async (isolation) => {
    const seen: number[] = [];
    const revive = (sent: unknown) => {
      const pids = sent as number[];
      seen.push(...pids);
      const until = performance.now() + scaled(5_000);
      while (pids.some(isAlive) && performance.now() < until);
      expect(pids.filter(isAlive)).toEqual([]);
      return new Family(pids);
    };
    const reduce = (value: unknown) => value instanceof Family && value.pids;
    const types: ParMapOptions['types'] = { Family: [reduce, revive] };
    await parMap([0], () => new Family([process.pid, process.ppid]), { isolation, lanes: 1, types });
    expect(new Set(seen).size).toBe(2);
  },
);
