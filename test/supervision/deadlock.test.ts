import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, mkdtempSync, openSync, watch, writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { forkMap, forkMapSync } from '@forkmap/core';
import { parMap } from '@forkmap/pool';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { faults } from '../helpers/faults.js';
import { releaseAtEnd } from '../helpers/held.js';
import { countHoldings, expectNoLeaks } from '../helpers/leaks.js';
import { runProgram, stateOf } from '../helpers/processes.js';
import { rejectionOf, thrownBy, warmPool } from '../helpers/runs.js';
import { scaled } from '../helpers/time.js';

vi.hoisted(() => {
  process.env.FORKMAP_ADDON = 'faults';
});

expectNoLeaks(() => warmPool(2));

const ITEMS = Array.from({ length: 12 }, (_, item) => item);
const deadlock = { code: 'ERR_FORKMAP_DEADLOCK', effect: 'CallableStatusUnknown' };

describe('a child that takes a lock which a native thread of its origin held', () => {
  const takeLock = () => faults().takeLock();
  const holdLock = () => onTestFinished(faults().holdLock());

  it('is ended within two seconds, and its unbegun items go on', async () => {
    holdLock();
    const began = performance.now();
    const settled = await parMap(ITEMS, (item) => (item === 4 ? takeLock() : item), {
      chunk: 6,
      lanes: 2,
      settle: true,
    });
    expect(performance.now() - began).toBeLessThan(scaled(2_000));
    const reason = expect.objectContaining({ ...deadlock, index: 4, chunk: { start: 0, end: 6 } });
    expect(settled).toEqual(
      ITEMS.map((value) => (value === 4 ? { status: 'rejected', reason } : { status: 'fulfilled', value })),
    );
  });

  it('is ended in forkMap and forkMapSync too', async () => {
    holdLock();
    expect(await rejectionOf(forkMap(takeLock))).toMatchObject(deadlock);
    expect(thrownBy(() => forkMapSync(takeLock))).toMatchObject(deadlock);
  });

  it.each([
    ['io_uring', '1'],
    ["libuv's pool", '0'],
  ])('is ended where a thread of its own waits, and its loop turns no more (%s)', async (_, ring) => {
    const { code, stdout, stderr } = await runProgram('waits-on-another-thread.mjs', {
      env: { FORKMAP_ADDON: 'faults', UV_USE_IO_URING: ring },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(['ERR_FORKMAP_DEADLOCK', 'ERR_FORKMAP_DEADLOCK']);
  });

  it('is told of the threads that it lacks, and of ways out', async () => {
    holdLock();
    const error = await rejectionOf(forkMap(() => faults().takeLockElsewhere()));
    expect(error).toMatchObject(deadlock);
    expect((error as Error).message).toMatch(
      /threads that no child has: .*lock-holder.*setup.*keep\(\).*engine: 'spawn'/s,
    );
    expect((error as Error).message).not.toMatch(/retries/);
  });

  it('is ended where it has idle threads of its own', async () => {
    holdLock();
    const error = await rejectionOf(
      forkMap(async () => {
        // Starts the threads of libuv's pool, which then wait for more.
        await import('node:fs/promises').then((fs) => fs.stat('/'));
        takeLock();
      }),
    );
    expect(error).toMatchObject(deadlock);
  });
});

it('a snapshot that takes such a lock while it is prepared is ended, and nothing of its call has run', async () => {
  const { eventNames } = process;
  const release = faults().holdLock();
  onTestFinished(() => {
    process.eventNames = eventNames;
    release();
  });
  const call = parMap(ITEMS, (item) => item, { chunk: 1, lanes: 2 });
  // Asked for where the origin's listeners are taken away. The fork is in the event loop's next turn.
  process.eventNames = () => {
    faults().takeLock();
    return [];
  };
  const began = performance.now();
  const error = await rejectionOf(call);
  process.eventNames = eventNames;
  expect(error).toMatchObject({ effect: 'CallableDidNotExecute', retryable: true });
  expect(performance.now() - began).toBeLessThan(scaled(4_000));
});

describe('a child is left alone that', () => {
  /** Longer than the proof of a deadlock takes. */
  const LONG_MS = 2_000;
  const nap = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LONG_MS);
  /** A program that exits after such a while. */
  const slowProgram = ['sleep', [String(LONG_MS / 1000)]] as const;

  it.each<[string, () => unknown]>([
    ['sleeps in Atomics.wait with a time limit', nap],
    ['sleeps by a timer', () => sleep(LONG_MS)],
    ['waits for a process that it waits for', () => void execFileSync(...slowProgram)],
    ['waits for a process by its event loop', () => once(spawn(...slowProgram), 'exit')],
    [
      'waits for a process while a thread of its pool is idle',
      async () => {
        await stat('/');
        await once(spawn(...slowProgram, { stdio: 'ignore' }), 'exit');
      },
    ],
    [
      'waits for a slow connection',
      async () => {
        const server = createServer((socket) => void setTimeout(() => socket.end('.'), LONG_MS).unref());
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        const code = `require('node:net').connect(${(server.address() as AddressInfo).port}, '127.0.0.1').on('data', () => process.exit())`;
        await once(spawn(process.execPath, ['-e', code]), 'exit');
        server.close();
      },
    ],
    ['reads a fifo that is written to late', () => withLateFifo(async (path) => void (await readFile(path)))],
    [
      'has a stream of a fifo that is written to late',
      () =>
        withLateFifo(async (path) => {
          const socket = new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK) });
          await once(socket, 'data');
          socket.destroy();
        }),
    ],
    [
      'waits for a lock of a file',
      async () => {
        const path = join(mkdtempSync(join(tmpdir(), 'forkmap-flock-')), 'lock');
        writeFileSync(path, '');
        const holder = spawn('flock', [path, '-c', `echo; sleep ${LONG_MS / 1000}`]);
        await once(holder.stdout, 'data');
        execFileSync('flock', [path, 'true']);
      },
    ],
    [
      'watches a file that changes late',
      async () => {
        const path = join(mkdtempSync(join(tmpdir(), 'forkmap-watch-')), 'file');
        writeFileSync(path, '');
        execFile('sh', ['-c', `sleep ${LONG_MS / 1000}; echo > '${path}'`]).unref();
        const watcher = watch(path);
        await once(watcher, 'change');
        watcher.close();
      },
    ],
    [
      'waits for a signal',
      async () => {
        process.once('SIGUSR2', () => undefined);
        const code = `setTimeout(() => process.kill(${process.pid}, 'SIGUSR2'), ${LONG_MS})`;
        spawn(process.execPath, ['-e', code], { detached: true, stdio: 'ignore' }).unref();
        const { port1: alive } = new MessageChannel();
        alive.ref();
        await once(process, 'SIGUSR2');
        alive.close();
      },
    ],
    [
      'waits in Atomics.wait for a worker thread that is busy',
      () => {
        const flag = new Int32Array(new SharedArrayBuffer(4));
        const code = `const { workerData: flag } = require('node:worker_threads');
          const end = Date.now() + ${LONG_MS};
          while (Date.now() < end);
          Atomics.store(flag, 0, 1);
          Atomics.notify(flag, 0);`;
        const worker = new Worker(code, { eval: true, workerData: flag });
        Atomics.wait(flag, 0, 0);
        return worker.terminate();
      },
    ],
    [
      'waits for the message of a worker thread that naps',
      async () => {
        const code = `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${LONG_MS});
          require('node:worker_threads').parentPort.postMessage(1);`;
        const worker = new Worker(code, { eval: true });
        await once(worker, 'message');
        await worker.terminate();
      },
    ],
  ])('%s', async (_what, wait) => {
    const run = async () => {
      await wait();
      return 'done';
    };
    expect(await forkMap(run)).toBe('done');
  });

  it('computes while the machine is overloaded', async () => {
    const busy = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
    );
    releaseAtEnd(() => {
      for (const program of busy) program.kill('SIGKILL');
    });
    const settled = await parMap(
      ITEMS,
      async (item) => {
        await stat('/');
        await sleep(item * 50);
        return item;
      },
      { chunk: 2, lanes: 2 },
    );
    expect(settled).toEqual(ITEMS);
    await Promise.all(
      busy.map((program) => {
        program.kill('SIGKILL');
        return once(program, 'exit');
      }),
    );
  });

  it('is stopped while it waits for its sleep to end', async () => {
    const settled = forkMap(() => {
      process.kill(process.pid, 'SIGSTOP');
      return 'done';
    });
    let child: number | undefined;
    while (child === undefined) {
      await sleep(10);
      child = stoppedChild();
    }
    await sleep(LONG_MS);
    process.kill(child, 'SIGCONT');
    expect(await settled).toBe('done');
  });
});

/** A fifo that a program writes to after a while. */
async function withLateFifo(act: (path: string) => Promise<void>): Promise<void> {
  const path = join(mkdtempSync(join(tmpdir(), 'forkmap-fifo-')), 'fifo');
  execFileSync('mkfifo', [path]);
  const writer = spawn('sh', ['-c', 'sleep 2; echo > "$0"', path], { detached: true, stdio: 'ignore' });
  writer.unref();
  await act(path);
}

function stoppedChild(): number | undefined {
  const pids = (countHoldings().get('child') ?? []).map((child) => Number.parseInt(child, 10));
  return pids.find((pid) => stateOf(pid) === 'T');
}
