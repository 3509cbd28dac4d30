import { type ChildProcess, exec, execFile, execFileSync, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { forkMapSync } from '@forkmap/core';
import { parMap } from '@forkmap/pool';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WAYS } from './ways.js';

const echo = join(import.meta.dirname, '..', 'fixtures', 'inside', 'answers-messages.mjs');

async function endOf(child: ChildProcess): Promise<unknown[]> {
  return await once(child, 'close');
}

const ORIGINS = [
  ['has no child process', () => [], WAYS.slice(0, 1)],
  [
    'has child processes of its own',
    () => [
      spawn('sleep', ['60'], { stdio: 'ignore' }),
      spawn('cat'),
      fork(echo, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    ],
    WAYS,
  ],
] as const satisfies readonly (readonly [string, () => ChildProcess[], typeof WAYS])[];

describe.each(ORIGINS)('where the origin %s', (_state, start, ways) => {
  let living: ChildProcess[];
  beforeEach(async () => {
    living = start();
    await Promise.all(living.map((child) => once(child, 'spawn')));
  });
  afterEach(async () => {
    const untouched = living.map((child) => [child.exitCode, child.signalCode]);
    const ends = living.map(endOf);
    for (const child of living) child.kill('SIGKILL');
    const signals = (await Promise.all(ends)).map(([, signal]) => signal);
    expect(untouched).toEqual(living.map(() => [null, null]));
    expect(signals, 'the origin hears of the end of its own children').toEqual(living.map(() => 'SIGKILL'));
  });

  describe.each(ways)('in a child of %s', (_way, inside) => {
    it('spawn runs a program, and talks with it', async () => {
      const talk = async () => {
        const child = spawn('cat');
        const end = endOf(child);
        child.stdin.end('hello');
        return [await text(child.stdout), await end];
      };
      expect(await inside(talk)).toEqual(['hello', [0, null]]);
    });

    it('spawn tells how a program ended', async () => {
      const ends = async () => {
        const killed = spawn('sleep', ['60']);
        killed.kill('SIGTERM');
        const missing = once(spawn('no-such-program'), 'error').then(([error]) => error.code);
        return await Promise.all([endOf(spawn('sh', ['-c', 'exit 7'])), endOf(killed), missing]);
      };
      expect(await inside(ends)).toEqual([[7, null], [null, 'SIGTERM'], 'ENOENT']);
    });

    it('many programs run at the same time', async () => {
      const many = () =>
        Promise.all(
          Array.from({ length: 20 }, async (_, i) => await endOf(spawn('sh', ['-c', `exit ${i}`]))),
        );
      expect(await inside(many)).toEqual(Array.from({ length: 20 }, (_, i) => [i, null]));
    });

    it('exec and execFile give what was printed', async () => {
      const printed = async () => [
        (await promisify(exec)('echo out; echo err >&2')).stderr,
        (await promisify(execFile)('printf', ['%s', 'out'])).stdout,
      ];
      expect(await inside(printed)).toEqual(['err\n', 'out']);
    });

    it('execFileSync and spawnSync block until the end', async () => {
      const ends = () => {
        const limited = spawnSync('sleep', ['60'], { timeout: 20 });
        return [execFileSync('cat', { input: 'text', encoding: 'utf8' }), limited.signal];
      };
      expect(await inside(ends)).toEqual(['text', 'SIGTERM']);
    });

    it('fork exchanges messages', async () => {
      const exchange = async () => {
        const child = fork(echo, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
        child.send({ number: 41 });
        const [answer] = await once(child, 'message');
        child.disconnect();
        return [answer, await once(child, 'exit')];
      };
      expect(await inside(exchange)).toEqual([{ number: 42 }, [0, null]]);
    });

    it('a worker thread runs, answers and ends', async () => {
      const work = async () => {
        const source = `
          const { parentPort, workerData } = require('node:worker_threads');
          parentPort.once('message', (number) => parentPort.postMessage(number + workerData));`;
        const worker = new Worker(source, { eval: true, workerData: 2 });
        const end = once(worker, 'exit');
        worker.postMessage(40);
        return [await once(worker, 'message'), await end];
      };
      expect(await inside(work)).toEqual([[42], [0]]);
    });

    it('several worker threads share memory and are ended', async () => {
      const work = async () => {
        const cell = new Int32Array(new SharedArrayBuffer(4));
        const source = `
          const { workerData } = require('node:worker_threads');
          Atomics.add(workerData, 0, 1);
          Atomics.notify(workerData, 0);
          setInterval(() => {}, 1_000);`;
        const workers = [1, 2, 3].map(() => new Worker(source, { eval: true, workerData: cell }));
        for (let seen = 0; seen < 3; seen = Atomics.load(cell, 0)) Atomics.wait(cell, 0, seen, 1_000);
        return await Promise.all(workers.map((worker) => worker.terminate()));
      };
      expect(await inside(work)).toEqual([1, 1, 1]);
    });

    it('a worker thread keeps it alive where it is asked to', async () => {
      const work = async () => {
        const source = `
          const { parentPort } = require('node:worker_threads');
          setTimeout(() => parentPort.postMessage('late'), 20);`;
        const worker = new Worker(source, { eval: true });
        worker.unref();
        worker.ref();
        return await once(worker, 'message');
      };
      expect(await inside(work)).toEqual(['late']);
    });

    it('a worker thread that throws is heard of', async () => {
      const work = async () => {
        const [error] = await once(new Worker('throw new RangeError("thrown")', { eval: true }), 'error');
        return [error.name, error.message];
      };
      expect(await inside(work)).toEqual(['RangeError', 'thrown']);
    });
  });

  it('in a child of forkMapSync, execFileSync and spawnSync block until the end', () => {
    const ends = () => {
      const limited = spawnSync('sleep', ['60'], { timeout: 20 });
      const failed = spawnSync('sh', ['-c', 'exit 7']);
      return [execFileSync('cat', { input: 'text', encoding: 'utf8' }), limited.signal, failed.status];
    };
    expect(forkMapSync(ends)).toEqual(['text', 'SIGTERM', 7]);
  });

  it('synchronous functions of many children run programs', async () => {
    const run = (item: number) => Number(execFileSync('sh', ['-c', `echo ${item}`]));
    const items = Array.from({ length: 12 }, (_, i) => i);
    expect(await parMap(items, run, { chunk: 3, lanes: 4 })).toEqual(items);
  });

  it('a child of a child runs programs', () => {
    const inner = () => execFileSync('echo', ['inner'], { encoding: 'utf8' });
    expect(forkMapSync(() => forkMapSync(inner) + inner())).toBe('inner\ninner\n');
  });
});
