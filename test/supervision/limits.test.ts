import { spawn } from 'node:child_process';
import { readdirSync, readlinkSync, writeSync } from 'node:fs';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type ForkError, forkMap, forkMapSync } from '@forkmap/core';
import { type ParMapOptions, type Progress, parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { openGate, openMessages } from '../helpers/pipes.js';
import { runProgram, survivors } from '../helpers/processes.js';
import { rejectionOf, warmPool } from '../helpers/runs.js';
import { ITEM_TIMEOUT_MS, scaled } from '../helpers/time.js';
import { loopForEver, takeMemory } from './fates.js';

expectNoLeaks(() => warmPool(4));

const range = (length: number) => Array.from({ length }, (_, item) => item);
const die = () => process.kill(process.pid, 'SIGKILL');

/** How many were fulfilled, and the indices of the others by their code. */
function tally(settled: readonly PromiseSettledResult<unknown>[]): Record<string, unknown> {
  const found: Record<string, number[]> = {};
  for (const [index, result] of settled.entries()) {
    if (result.status === 'fulfilled') continue;
    const { code, message } = result.reason as ForkError;
    found[code ?? message] = [...(found[code ?? message] ?? []), index];
  }
  return { fulfilled: settled.filter(({ status }) => status === 'fulfilled').length, ...found };
}

describe('timeout', () => {
  const stuckAt7 = (item: number) => (item === 7 ? loopForEver() : item);
  const options = { chunk: 5, lanes: 2, timeout: scaled(400) };

  it('rejects the call', async () => {
    const error = await rejectionOf(parMap(range(20), stuckAt7, options));
    expect(error).toMatchObject({ code: 'ERR_FORKMAP_TIMEOUT', effect: 'CallableStatusUnknown' });
  });

  it('settles what is not finished (settle)', async () => {
    const settled = await parMap(range(20), stuckAt7, { ...options, settle: true });
    // The other lane has done all other chunks; in this one, items that had finished are kept.
    expect(tally(settled)).toEqual({ fulfilled: 17, ERR_FORKMAP_TIMEOUT: [7, 8, 9] });
  });

  it('ends forkMap and forkMapSync', async () => {
    const timeout = scaled(200);
    const expected = { code: 'ERR_FORKMAP_TIMEOUT' };
    expect(await rejectionOf(forkMap(loopForEver, { timeout }))).toMatchObject(expected);
    expect(
      await rejectionOf(Promise.resolve().then(() => forkMapSync(loopForEver, { timeout }))),
    ).toMatchObject(expected);
  });

  it('holds for a child that floods its captured output', async () => {
    const flood = () => {
      for (;;) writeSync(1, 'x'.repeat(65_536));
    };
    const options = { timeout: scaled(500), stdio: 'capture' } as const;
    for (const call of [() => forkMap(flood, options), () => parMap([0], flood, options)]) {
      expect(await rejectionOf(call())).toMatchObject({ code: 'ERR_FORKMAP_TIMEOUT' });
    }
  });
});

describe('memoryLimit', () => {
  it("counts what a kept child has taken over all its chunks (isolation 'lane')", async () => {
    const kept: unknown[] = [];
    const call = parMap(range(40), () => void kept.push(takeMemory(16 * 2 ** 20), settleDown()), {
      chunk: 1,
      lanes: 1,
      isolation: 'lane',
      memoryLimit: 128 * 2 ** 20,
    });
    expect(await rejectionOf(call)).toMatchObject({ code: 'ERR_FORKMAP_MEMORY_LIMIT' });
  });

  it("lays what a kept child has taken between two chunks to no item (isolation 'lane')", async () => {
    const [mayGrow, hasGrown] = [openGate(), openGate()];
    const growLater = `
      const { readSync, openSync, writeFileSync } = require('node:fs');
      readSync(openSync(${JSON.stringify(mayGrow.path)}, 'r'), Buffer.alloc(1));
      globalThis.kept = Buffer.alloc(${192 * 2 ** 20}, 1);
      writeFileSync(${JSON.stringify(hasGrown.path)}, '.');
      setInterval(() => {}, 1e6);`;
    class Growing {}
    // A result is revived when its chunk is over, and before the next one is begun.
    const revive = () => {
      mayGrow.open();
      hasGrown.pass();
      return 'grown';
    };
    const fn = (item: number) => {
      if (item === 0) {
        new Worker(growLater, { eval: true });
        return new Growing();
      }
      settleDown();
      return process.pid;
    };
    const results = await parMap(range(3), fn, {
      ...{ chunk: 1, lanes: 1, isolation: 'lane', memoryLimit: 128 * 2 ** 20 },
      types: { Growing: [(value) => value instanceof Growing && [0], revive] },
    });
    expect(results).toEqual(['grown', expect.any(Number), results[1]]);
  });

  it('does not count what was inherited', async () => {
    const big = takeMemory(64 * 2 ** 20);
    expect(await forkMap(() => big.length, { memoryLimit: 48 * 2 ** 20 })).toBe(64);
  });

  /** Long enough for the memory to be looked at. */
  const settleDown = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
});

it('V8 running out of heap is ERR_FORKMAP_HEAP, of the item alone', async () => {
  const { stdout, stderr, code } = await runProgram('fills-its-heap.mjs', {
    nodeArgs: ['--max-old-space-size=64'],
  });
  expect(stdout, stderr).not.toBe('');
  const tallies = JSON.parse(stdout) as Record<string, unknown>;
  expect(tallies).toEqual({
    forkMapSync: 'ERR_FORKMAP_HEAP',
    forkMap: 'ERR_FORKMAP_HEAP',
    'sync chunk': 'ok ok ok ERR_FORKMAP_HEAP 3 ok ok',
    'sync lane': 'ok ok ok ERR_FORKMAP_HEAP 3 ok ok',
    'async chunk': 'ok ok ok ERR_FORKMAP_HEAP 3 ok ok',
    'async lane': 'ok ok ok ERR_FORKMAP_HEAP 3 ok ok',
  });
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

describe('retries', () => {
  const kinds: readonly ParMapOptions[] = [{ isolation: 'chunk' }, { isolation: 'lane' }];

  it.each(kinds)(
    'tries a died item as often as they say, and begins no other twice (%o)',
    async (options) => {
      const messages = openMessages();
      const settled = await parMap(
        range(12),
        (item) => {
          messages.tell(item);
          return item === 5 ? die() : item;
        },
        { ...options, chunk: 4, lanes: 2, settle: true, retries: 2 },
      );
      messages.tell('end');
      const begun: string[] = [];
      for (let line = await messages.next(); line !== 'end'; line = await messages.next()) begun.push(line);
      expect(tally(settled)).toEqual({ fulfilled: 11, ERR_FORKMAP_KILLED: [5] });
      expect(begun.map(Number).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 5, 5, 6, 7, 8, 9, 10, 11]);
    },
  );

  it('gives the result where a later try succeeds', async () => {
    // In a chunk of its own, it is the first item that its child runs.
    let begunInChild = 0;
    const dieUnlessFirst = (item: number) => {
      begunInChild += 1;
      if (item === 3 && begunInChild > 1) die();
      return item;
    };
    expect(await parMap(range(8), dieUnlessFirst, { chunk: 4, lanes: 1, retries: 1 })).toEqual(range(8));
  });

  it('never tries again what was thrown, or cannot be sent', async () => {
    const messages = openMessages();
    const fn = (item: number) => {
      messages.tell(item);
      if (item === 1) throw new Error('one');
      return item === 2 ? () => 0 : item;
    };
    await parMap(range(4), fn, { chunk: 2, lanes: 1, settle: true, retries: 3 });
    messages.tell('end');
    const begun: string[] = [];
    for (let line = await messages.next(); line !== 'end'; line = await messages.next()) begun.push(line);
    expect(begun).toEqual(['0', '1', '2', '3']);
  });

  it('keeps results and order where many children die', async () => {
    const settled = await parMap(range(64), (item) => (item % 3 === 0 ? die() : { item }), {
      chunk: 16,
      lanes: 2,
      settle: true,
    });
    for (const [item, result] of settled.entries()) {
      if (item % 3 === 0)
        expect(result).toMatchObject({ reason: { code: 'ERR_FORKMAP_KILLED', index: item } });
      else expect(result).toEqual({ status: 'fulfilled', value: { item } });
    }
  });
});

it('a death fails all items in flight, and those alone (async)', async () => {
  const inFlight = async (item: number) => {
    await turn();
    if (item === 6) {
      await sleep(20);
      die();
    }
    if (item >= 5 && item <= 8) await sleep(1e6);
    return item;
  };
  const settled = await parMap(range(20), inFlight, { chunk: 20, concurrency: 4, settle: true });
  expect(tally(settled)).toEqual({ fulfilled: 16, ERR_FORKMAP_KILLED: [5, 6, 7, 8] });
});

it('an item over itemTimeout fails alone among others in flight (async)', async () => {
  const fn = async (item: number) => {
    await sleep(item === 6 ? 1e6 : 5);
    return item;
  };
  const settled = await parMap(range(40), fn, {
    chunk: 20,
    concurrency: 4,
    settle: true,
    itemTimeout: ITEM_TIMEOUT_MS,
  });
  expect(tally(settled)).toEqual({ fulfilled: 39, ERR_FORKMAP_TIMEOUT: [6] });
});

it('a child that has died is seen though another process has its pipe open', async () => {
  const messages = openMessages();
  const before = new Set(pipes().map(([, target]) => target));
  const error = await rejectionOf(
    forkMap(() => {
      const own = pipes().filter(([, target]) => !before.has(target));
      const stdio = ['ignore', ...own.map(([fd]) => fd)] as const;
      const holder = spawn('sleep', ['60'], { stdio: [...stdio], detached: true });
      messages.tell(holder.pid as number);
      die();
    }),
  );
  process.kill(Number(await messages.next()), 'SIGKILL');
  expect(error).toMatchObject({ code: 'ERR_FORKMAP_KILLED', signal: 'SIGKILL' });
});

function pipes(): [fd: number, target: string][] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith('pipe:') ? [[Number(fd), target] as [number, string]] : [];
    } catch {
      return []; // the descriptor of this very walk
    }
  });
}

it('the first error rejects the call though other children loop for ever', async () => {
  const messages = openMessages();
  const gate = openGate();
  const call = parMap(
    range(4),
    (item) => {
      messages.tell(process.pid);
      if (item !== 2) loopForEver();
      gate.pass();
      throw new Error('two');
    },
    { chunk: 1, lanes: 4 },
  );
  const error = rejectionOf(call);
  const pids: number[] = [];
  for (let i = 0; i < 4; i++) pids.push(Number(await messages.next()));
  gate.open();
  expect(await error).toHaveProperty('message', 'two');
  expect(await survivors(pids, 0)).toEqual([]);
});

it('results of 5 MB arrive whole', async () => {
  const text = (item: number) => String.fromCharCode(97 + item).repeat(5 * 2 ** 20);
  const results = await parMap(range(8), text, { chunk: 4, lanes: 2 });
  for (const [item, result] of results.entries()) expect(result === text(item)).toBe(true);
});

describe('onProgress', () => {
  it('counts exactly, rises, and ends with all done', async () => {
    const told: Progress[] = [];
    const settled = await parMap(range(60), (item) => (item % 20 === 7 ? die() : nap(5)), {
      chunk: 20,
      lanes: 2,
      settle: true,
      onProgress: (progress) => void told.push(progress),
    });
    expect(tally(settled)).toMatchObject({ fulfilled: 57 });
    const done = told.map((progress) => progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.filter((count) => count === 60)).toHaveLength(1);
    expect(told.at(-1)).toMatchObject({ done: 60, failed: 3, total: 60, running: 0, eta: 0 });
  });

  it('tells what is done within a chunk', async () => {
    const told: number[] = [];
    await parMap(range(30), () => nap(20), { chunk: 30, onProgress: ({ done }) => void told.push(done) });
    expect(told.filter((done) => done > 0 && done < 30).length).toBeGreaterThan(1);
  });

  it('fails the call where it throws', async () => {
    const onProgress = () => {
      throw new Error('progress');
    };
    expect(await rejectionOf(parMap(range(30), () => nap(20), { chunk: 30, onProgress }))).toHaveProperty(
      'message',
      'progress',
    );
  });

  it('ends with all done where the time is over (settle)', async () => {
    const told: Progress[] = [];
    await parMap(range(4), loopForEver, {
      chunk: 2,
      lanes: 2,
      settle: true,
      timeout: scaled(200),
      onProgress: (progress) => void told.push(progress),
    });
    expect(told.at(-1)).toMatchObject({ done: 4, failed: 4, total: 4 });
  });

  const nap = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
});

it('a death by SIGKILL says what to look for', async () => {
  const error = await rejectionOf(forkMap(die));
  expect((error as Error).message).toMatch(/killed by SIGKILL .*OOM killer/);
});
