/** Calls that are stopped from outside: by a signal of the caller's, before and while they run. */
import { getEventListeners } from 'node:events';
import { forkMapSync } from '@forkmap/core';
import { describe, expect, it } from 'vitest';
import { expectNothingForked } from '../helpers/forks.js';
import { expectNoLeaks } from '../helpers/leaks.js';
import { openGate, openMessages } from '../helpers/pipes.js';
import { isAlive } from '../helpers/processes.js';
import { beginFrame, pipes, resultPipe } from '../helpers/result-pipe.js';
import { ASYNC_RUNS, RUNS, rejectionOf, warmPool } from '../helpers/runs.js';

expectNoLeaks(warmPool);

describe.each(RUNS)('%s() rejects with signal.reason', (_name, run) => {
  it('and forks nothing where it was aborted before', async () => {
    const reason = { because: 'so' };
    const error = await expectNothingForked(() =>
      rejectionOf(run(() => 0, { signal: AbortSignal.abort(reason) })),
    );
    expect(error).toBe(reason);
  });
});

describe.each(ASYNC_RUNS)('%s() rejects with signal.reason', (_name, run) => {
  it('where it is aborted in the turn of the call', async () => {
    const controller = new AbortController();
    const call = run(() => 0, { signal: controller.signal });
    controller.abort(new Error('changed my mind'));
    expect(await rejectionOf(call)).toBe(controller.signal.reason);
  });

  it('where it is aborted while the function is at work, which is gone by then', async () => {
    const messages = openMessages();
    const gate = openGate();
    const controller = new AbortController();
    const call = run(
      () => {
        messages.tell(process.pid);
        gate.pass();
      },
      { signal: controller.signal },
    );
    const pid = Number(await messages.next());
    expect(isAlive(pid)).toBe(true);
    controller.abort();
    expect(await rejectionOf(call)).toBe(controller.signal.reason);
    expect(isAlive(pid)).toBe(false);
  });

  it('where it is aborted while an asynchronous function awaits', async () => {
    const messages = openMessages();
    const controller = new AbortController();
    const call = run(
      async () => {
        messages.tell(process.pid);
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      },
      { signal: controller.signal },
    );
    const pid = Number(await messages.next());
    controller.abort();
    expect(await rejectionOf(call)).toBe(controller.signal.reason);
    expect(isAlive(pid)).toBe(false);
  });

  it('where it is aborted in the middle of a frame', async () => {
    const messages = openMessages();
    const gate = openGate();
    const ofOrigin = pipes();
    const controller = new AbortController();
    const call = run(
      () => {
        beginFrame(resultPipe(ofOrigin), 1 << 20);
        messages.tell(process.pid);
        gate.pass();
      },
      { signal: controller.signal },
    );
    const pid = Number(await messages.next());
    controller.abort('mid-frame');
    expect(await rejectionOf(call)).toBe('mid-frame');
    expect(isAlive(pid)).toBe(false);
  });

  it('that AbortSignal.timeout() gives', async () => {
    const gate = openGate();
    const error = await rejectionOf(run(() => gate.pass(), { signal: AbortSignal.timeout(30) }));
    expect(error).toMatchObject({ name: 'TimeoutError' });
  });
});

describe.each(ASYNC_RUNS)('%s()', (_name, run) => {
  it('gives its result where the signal fires later', async () => {
    const controller = new AbortController();
    expect(await run(() => 42, { signal: controller.signal })).toBe(42);
    controller.abort();
  });

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    await run(() => 42, { signal });
    await rejectionOf(run(() => process.exit(1), { signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('lets many calls share one signal, and ends them all', async () => {
    const messages = openMessages();
    const gate = openGate();
    const controller = new AbortController();
    const calls = [1, 2, 3].map(() =>
      rejectionOf(
        run(
          () => {
            messages.tell(process.pid);
            gate.pass();
          },
          { signal: controller.signal },
        ),
      ),
    );
    const pids = [await messages.next(), await messages.next(), await messages.next()].map(Number);
    controller.abort('all');
    expect(await Promise.all(calls)).toEqual(['all', 'all', 'all']);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('is not ended by a timeout that is long enough', async () => {
    expect(await run(() => 42, { timeout: 60_000 })).toBe(42);
    expect(await run(() => 42, { timeout: Number.POSITIVE_INFINITY })).toBe(42);
  });
});

it('forkMapSync() looks at the signal before it forks', async () => {
  const { signal } = new AbortController();
  expect(forkMapSync(() => 1, { signal })).toBe(1);
});
