/** A child is a process of its own, and not a part of the origin's life. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isForkChild } from '@forkmap/core';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { ASYNC_RUNS, RUNS, rejectionOf, warmPool } from '../helpers/runs.js';
import { sleepForEver } from '../helpers/time.js';

expectNoLeaks(warmPool);

/** What the kernel says of the process that asks. */
const asTheKernelSees = () => {
  const status = readFileSync('/proc/self/status', 'utf8');
  return {
    pid: Number(/^Pid:\s*(\d+)/m.exec(status)?.[1]),
    ppid: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]),
  };
};

describe.each(RUNS)('in a child of %s()', (name, run) => {
  it('process.pid and process.ppid are its own', async () => {
    const seen = await run(() => ({
      kernel: asTheKernelSees(),
      node: { pid: process.pid, ppid: process.ppid },
    }));
    expect(seen.node).toEqual(seen.kernel);
    expect(seen.node.pid).not.toBe(process.pid);
    expect(asTheKernelSees().pid).toBe(process.pid);
  });

  it('the process title says whose child it is, and its name', async () => {
    const commandLine = () => readFileSync('/proc/self/cmdline', 'latin1');
    expect(await run(commandLine, { name: 'nightly' })).toContain(`forkmap nightly of ${process.pid}`);
    expect(await run(() => process.title, { name: 'nightly' })).toBe(`forkmap nightly of ${process.pid}`);
    expect(commandLine()).not.toContain('nightly');
  });

  it('isForkChild() is true, and false in the origin', async () => {
    expect(isForkChild()).toBe(false);
    expect(await run(() => isForkChild())).toBe(true);
    expect(isForkChild()).toBe(false);
  });

  it('listeners of the origin do not run, however the child ends', async () => {
    const seen: string[] = [];
    const events = ['exit', 'beforeExit', 'uncaughtException', 'SIGTERM', 'SIGWINCH'] as const;
    const listeners = events.map((event) => [event as 'exit', () => void seen.push(event)] as const);
    for (const [event, listener] of listeners) process.on(event, listener);
    try {
      expect(await run(() => [process.emit('exit', 0), ...seen])).toEqual([false]);
      expect(await run(() => process.kill(process.pid, 'SIGWINCH') && seen)).toEqual([]);
      expect(await rejectionOf(run(() => process.exit(3)))).toMatchObject({ exitCode: 3 });
      expect(
        await rejectionOf(run(() => process.kill(process.pid, 'SIGTERM') && sleepForEver())),
      ).toMatchObject({
        code: 'ERR_FORKMAP_KILLED',
        signal: 'SIGTERM',
      });
    } finally {
      for (const [event, listener] of listeners) process.off(event, listener);
    }
    expect(seen).toEqual([]);
  });

  it('process.exit() ends it at once: nothing after it runs, no finally, no catch', async () => {
    const error = await rejectionOf(
      run(
        () => {
          try {
            process.exit(5);
          } catch {
            process.stdout.write('caught');
          } finally {
            process.stdout.write('went on');
          }
        },
        { stdio: 'capture' },
      ),
    );
    expect(error).toMatchObject({ code: 'ERR_FORKMAP_EXITED', exitCode: 5 });
    expect((error as { stdout?: string }).stdout ?? '').toBe('');
  });

  it('standard input is at its end', async () => {
    expect(await run(() => readFileSync(0, 'utf8'))).toBe('');
  });

  it('further processes can be run', async () => {
    expect(await run(() => execFileSync('echo', ['from a child']).toString())).toBe('from a child\n');
  });

  it('there is no channel to the parent of the origin', async () => {
    // Vitest itself runs this file in a child process with a channel.
    expect(typeof process.send).toBe('function');
    expect(await run(() => [typeof process.send, process.connected])).toEqual(['undefined', false]);
  });

  it(`garbage is collected and code is optimised, concurrently (${name})`, async () => {
    const churn = () => {
      let kept: { text: string }[] = [];
      let sum = 0;
      for (let i = 0; i < 400_000; i++) {
        kept.push({ text: `item ${i}` });
        if (kept.length > 50_000) kept = kept.slice(-10);
        sum += Math.sqrt(i) | 0;
      }
      return sum;
    };
    expect(await run(churn)).toBe(churn());
  });
});

describe.each(ASYNC_RUNS)('in a child of %s()', (_name, run) => {
  it('timers of the origin do not fire', async () => {
    const fired: number[] = [];
    const timer = setInterval(() => fired.push(process.pid), 1);
    const immediate = setImmediate(() => fired.push(process.pid));
    const seen = await run(async () => {
      fired.length = 0;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return fired;
    });
    clearInterval(timer);
    clearImmediate(immediate);
    expect(seen).toEqual([]);
  });

  it('its own signal handlers work', async () => {
    const ofOrigin = () => undefined;
    process.on('SIGUSR2', ofOrigin);
    const caught = await run(
      () =>
        new Promise((resolve) => {
          process.once('SIGUSR2', resolve);
          process.kill(process.pid, 'SIGUSR2');
          setTimeout(resolve, 10_000, 'nothing');
        }),
    );
    process.off('SIGUSR2', ofOrigin);
    expect(caught).toBe('SIGUSR2');
  });
});
