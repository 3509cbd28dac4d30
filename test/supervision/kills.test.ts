import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ForkError } from '@forkmap/core';
import { type ParMapOptions, parMap, sharedArray } from '@forkmap/pool';
import { startDriverThreads } from '@forkmap/pool/internal';
import { describe, expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { expectNoLeaks } from '../helpers/leaks.js';
import { openGate, openMessages } from '../helpers/pipes.js';
import { ancestorsOf, isAlive, parentOf, runProgram, startProgram, survivors } from '../helpers/processes.js';
import { beginFrame, pipes, resultPipe } from '../helpers/result-pipe.js';
import { rejectionOf, warmPool } from '../helpers/runs.js';
import { scaled, sleepForEver } from '../helpers/time.js';

const drivers: Worker[] = [];
process.on('worker', (worker) => drivers.push(worker));

expectNoLeaks(() => warmPool(4));

const ITEMS = Array.from({ length: 12 }, (_, item) => item);
/** Enough chunks for every lane to get a process of its own. */
const LANES = { chunk: 1, lanes: 2 } as const;
const KINDS = [{ isolation: 'chunk' }, { isolation: 'lane' }] as const;

interface Family {
  child: number;
  lane: number;
  snapshot: number;
}

/** A call whose item 0 waits at a gate, and the processes that it has then. */
async function callWithOneAtWork(options: ParMapOptions) {
  const messages = openMessages();
  const gate = openGate();
  const call = parMap(
    ITEMS,
    (item) => {
      if (item === 0) {
        messages.tell(`${process.pid} ${process.ppid}`);
        gate.pass();
      }
      return item;
    },
    { ...LANES, ...options },
  );
  call.catch(() => undefined);
  const [child, lane] = (await messages.next()).split(' ').map(Number) as [number, number];
  const family: Family = { child, lane, snapshot: parentOf(lane) };
  return { call, gate, family };
}

const ROLES = ['child', 'lane', 'snapshot'] as const;

describe.each(KINDS)('isolation $isolation', ({ isolation }) => {
  it.each(['child', 'lane'] as const)('only the item at work fails where its %s is killed', async (role) => {
    const { call, family } = await callWithOneAtWork({ isolation, settle: true });
    process.kill(family[role], 'SIGKILL');
    const settled = await (call as Promise<unknown> as Promise<PromiseSettledResult<number>[]>);
    expect(settled[0]).toMatchObject({
      reason: {
        code: role === 'child' ? 'ERR_FORKMAP_KILLED' : 'ERR_FORKMAP_WAIT',
        effect: 'CallableStatusUnknown',
        index: 0,
      },
    });
    expect(settled.slice(1)).toEqual(ITEMS.slice(1).map((value) => ({ status: 'fulfilled', value })));
  });

  it('what cannot go on fails with its effect where the snapshot is killed', async () => {
    const { call, family } = await callWithOneAtWork({ isolation, settle: true });
    process.kill(family.snapshot, 'SIGKILL');
    const settled = (await call) as unknown as PromiseSettledResult<number>[];
    for (const [item, result] of settled.entries()) {
      if (result.status === 'fulfilled') expect(result.value).toBe(item);
      else expect(result.reason).toBeInstanceOf(ForkError);
    }
    expect(settled[0]).toMatchObject({ reason: { effect: 'CallableStatusUnknown' } });
    expect(await survivors(Object.values(family), 1_000)).toEqual([]);
  });

  it.each(ROLES)('a %s that is stopped for a while goes on', async (role) => {
    const { call, gate, family } = await callWithOneAtWork({ isolation });
    process.kill(family[role], 'SIGSTOP');
    gate.open();
    await sleep(100);
    process.kill(family[role], 'SIGCONT');
    expect(await call).toEqual(ITEMS);
  });

  describe.each(ROLES)('while the %s is stopped', (role) => {
    it('an abort ends the call and all its processes', async () => {
      const controller = new AbortController();
      const { call, gate, family } = await callWithOneAtWork({ isolation, signal: controller.signal });
      process.kill(family[role], 'SIGSTOP');
      gate.open();
      const began = performance.now();
      controller.abort('enough');
      expect(await rejectionOf(call)).toBe('enough');
      expect(performance.now() - began).toBeLessThan(scaled(5_000));
      expect(await survivors(Object.values(family), 1_000)).toEqual([]);
    });

    it('a timeout ends the call and all its processes', async () => {
      const { call, family } = await callWithOneAtWork({ isolation, timeout: scaled(1_500) });
      process.kill(family[role], 'SIGSTOP');
      expect(await rejectionOf(call)).toMatchObject({ code: 'ERR_FORKMAP_TIMEOUT' });
      expect(await survivors(Object.values(family), 1_000)).toEqual([]);
    });
  });
});

/** Acts the first time that something is published of a call, before the call goes on. */
function onceAt(event: string, act: (trace: { pid: number }) => void): void {
  const name = `tracing:forkmap:${event}`;
  const listener = (trace: unknown) => {
    diagnostics.unsubscribe(name, listener);
    act(trace as { pid: number });
  };
  diagnostics.subscribe(name, listener);
  releaseAtEnd(() => void diagnostics.unsubscribe(name, listener));
}

describe.each(KINDS)('isolation $isolation: no item is lost or begun twice where', ({ isolation }) => {
  it.each<[role: (typeof ROLES)[number], step: string]>([
    ['snapshot', 'before its first fork'],
    ['snapshot', 'between two chunks'],
    ['lane', 'between two chunks'],
    ['child', 'in the middle of a frame'],
    ['lane', 'in the middle of a frame'],
    ['snapshot', 'in the middle of a frame'],
  ])('the %s is killed %s', async (role, step) => {
    const begun = sharedArray(Int32Array, ITEMS.length);
    const family = sharedArray(Int32Array, ROLES.length);
    const ofOrigin = pipes();
    const kill = () => process.kill(family[ROLES.indexOf(role)] as number, 'SIGKILL');
    /** WHY to the end: until its death has reached it, a kept child would go on. */
    const killAll = () => {
      kill();
      while (isAlive(family[0] as number) || isAlive(family[ROLES.indexOf(role)] as number));
    };
    if (step === 'before its first fork')
      onceAt('snapshot:asyncEnd', ({ pid }) => process.kill(pid, 'SIGKILL'));
    if (step === 'between two chunks') onceAt('chunk:asyncEnd', killAll);
    const fn = (item: number) => {
      Atomics.add(begun, item, 1);
      family.set([process.pid, process.ppid, parentOf(process.ppid)]);
      if (step === 'in the middle of a frame' && item === 1) {
        beginFrame(resultPipe(ofOrigin), 1 << 20);
        kill();
        sleepForEver();
      }
      return item;
    };
    const settled = await parMap(ITEMS, fn, { chunk: 1, lanes: 1, isolation, settle: true });
    const failed = settled.flatMap((result, item) => (result.status === 'rejected' ? [item] : []));
    for (const [item, result] of settled.entries()) {
      expect(begun[item]).toBeLessThanOrEqual(1);
      if (result.status === 'fulfilled') expect(result.value).toBe(item);
      else expect(result.reason).toBeInstanceOf(ForkError);
      if (begun[item] === 1) expect(result).not.toMatchObject({ reason: { retryable: true } });
    }
    if (role !== 'snapshot') expect(failed).toEqual(step === 'in the middle of a frame' ? [1] : []);
    // WHY not these: an item whose snapshot had just died has noted who took its lane in.
    const ancestors = ancestorsOf(process.pid);
    const noted = [...family].filter((pid) => pid > 0 && !ancestors.has(pid));
    expect(await survivors(noted, 1_000)).toEqual([]);
  });
});

it('an item that has run once is never told as not executed, though its snapshot is gone for the next try', async () => {
  const begun = sharedArray(Int32Array, 1);
  const fn = () => {
    begun[0] = 1;
    process.kill(process.ppid, 'SIGKILL');
    sleepForEver();
  };
  const error = await rejectionOf(parMap([0], fn, { retries: 1 }));
  expect(begun[0]).toBe(1);
  expect(error).toMatchObject({ effect: 'CallableStatusUnknown', retryable: false });
});

it('a call beside one whose snapshot is killed does not notice', async () => {
  const [one, other] = await Promise.all([callWithOneAtWork({}), callWithOneAtWork({})]);
  process.kill(one.family.snapshot, 'SIGKILL');
  expect(await rejectionOf(one.call)).toBeInstanceOf(ForkError);
  other.gate.open();
  expect(await other.call).toEqual(ITEMS);
});

describe('a driver thread that is ended from outside', () => {
  it.each(['at work', 'while its lane is stopped'])('fails its chunk alone (%s)', async (state) => {
    await startDriverThreads(LANES.lanes);
    const { call, family } = await callWithOneAtWork({ settle: true });
    if (state !== 'at work') {
      process.kill(family.lane, 'SIGSTOP');
      process.kill(family.child, 'SIGKILL');
    }
    await Promise.all(drivers.splice(0).map((driver) => driver.terminate()));
    const settled = (await call) as unknown as PromiseSettledResult<number>[];
    expect(settled[0]).toMatchObject({ reason: { effect: 'CallableStatusUnknown' } });
    for (const result of settled) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ForkError);
    }
    expect(await survivors(Object.values(family), 1_000)).toEqual([]);
    expect(await parMap(ITEMS, (item) => item, LANES)).toEqual(ITEMS);
  });
});

describe.each(['chunk', 'lane'])('nothing lives on (isolation %s)', (isolation) => {
  it.each(['as it is', 'while its lanes are stopped'])('after its origin was killed, %s', async (state) => {
    const program = startProgram('maps-for-ever.mjs', { args: [isolation] });
    const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
    const pids: number[] = [];
    for (let i = 0; i < 2; i++) pids.push(...((await lines.next()).value as string).split(' ').map(Number));
    const lanes = [pids[1], pids[3]] as [number, number];
    pids.push(parentOf(lanes[0]));
    if (state !== 'as it is') for (const lane of lanes) process.kill(lane, 'SIGSTOP');
    program.kill('SIGKILL');
    await once(program, 'exit');
    expect(await survivors(pids, 1_000)).toEqual([]);
  });

  it('after the worker thread that called was terminated', async () => {
    const messages = openMessages();
    const worker = new Worker(new URL('../fixtures/maps-for-ever.mjs', import.meta.url), {
      workerData: messages.path,
      argv: [isolation],
    });
    const pids: number[] = [];
    for (let i = 0; i < 2; i++) pids.push(...(await messages.next()).split(' ').map(Number));
    await worker.terminate();
    expect(await survivors(pids, 1_000)).toEqual([]);
  });
});

it(
  'worker threads that are terminated somewhere in their calls leave nothing, and nobody complains',
  async () => {
    const end = await runProgram('ends-its-workers.mjs', { args: ['48'] });
    expect(end).toEqual({ code: 0, signal: null, stdout: '[2,3,4]\n', stderr: '' });
  },
  scaled(60_000),
);
