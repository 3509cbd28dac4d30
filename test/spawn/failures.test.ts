/** What goes wrong in a spawned process is told as it is of a forked child. */
import { type ForkError, type ParMapOptions, parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { rejectionOf, warmPool } from '../helpers/runs.js';
import { SPAWNED, taskOf } from '../helpers/tasks.js';
import { ITEM_TIMEOUT_MS } from '../helpers/time.js';

expectNoLeaks(() => warmPool(4));

const items = Array.from({ length: 20 }, (_, at) => at);
const run = (name: string, options: ParMapOptions = {}) =>
  parMap(items, taskOf(name), { ...SPAWNED, chunk: 5, ...options });
const both = ['fork', 'spawn'] as const;

/** All that an error says, but what differs from run to run. */
function told(error: unknown) {
  const { name, code, effect, index, chunk, exitCode, signal, pid, message } = error as ForkError;
  // What a number is of: the process, its time, and its memory.
  const inWords = message.replaceAll(/\[pid[^\]]*\]/g, '[…]').replaceAll(/\d+ bytes/g, '… bytes');
  return { name, code, effect, index, chunk, exitCode, signal, hasPid: Number(pid) > 0, inWords };
}

describe('an item that ends its process, or gives nothing that can be sent', () => {
  it.each([
    ['isKilledAtSeven', {}, 'ERR_FORKMAP_KILLED'],
    ['abortsAtSeven', { stdio: 'ignore' }, 'ERR_FORKMAP_KILLED'],
    ['exitsAtSeven', {}, 'ERR_FORKMAP_EXITED'],
    ['settlesNeverAtSeven', {}, 'ERR_FORKMAP_UNSETTLED'],
    ['givesSymbolAtSeven', {}, 'ERR_FORKMAP_SERIALIZE'],
    ['givesMuchAtSeven', { maxResultBytes: 50_000 }, 'ERR_FORKMAP_RESULT_TOO_LARGE'],
    ['spinsAtSeven', { itemTimeout: ITEM_TIMEOUT_MS }, 'ERR_FORKMAP_TIMEOUT'],
    ['waitsAtSeven', { itemTimeout: ITEM_TIMEOUT_MS }, 'ERR_FORKMAP_TIMEOUT'],
  ] as const)('%s %o: %s, as in a fork', async (name, options, code) => {
    // One at a time: in a fork, too, the death of a child with several in flight fails all of them.
    const errors = [];
    for (const engine of both)
      errors.push(told(await rejectionOf(run(name, { ...options, engine, concurrency: 1 }))));
    expect(errors[1]).toEqual(errors[0]);
    expect(errors[1]).toMatchObject({ code, index: 7 });
  });

  it.each(['isKilledAtSeven', 'exitsAtSeven', 'throwsAtSeven'])(
    '%s fails that item alone, with settle',
    async (name) => {
      const settled = await run(name, { settle: true });
      expect(settled.map(({ status }: { status: string }) => status)).toEqual(
        items.map((x) => (x === 7 ? 'rejected' : 'fulfilled')),
      );
      expect(settled.filter((_, at) => at !== 7).map(({ value }: { value: number }) => value)).toEqual(
        items.filter((x) => x !== 7),
      );
    },
  );

  it('is tried again as often as retries says', async () => {
    const settled = await run('isKilledAtSeven', { settle: true, retries: 2, lanes: 1 });
    expect(settled[7]).toMatchObject({
      status: 'rejected',
      reason: { code: 'ERR_FORKMAP_KILLED', index: 7 },
    });
  });

  it.each(['throwsAtSeven', 'throwsLaterAtSeven', 'throwsAsideAtSeven'])(
    '%s arrives as it was thrown',
    async (name) => {
      const error = await rejectionOf(run(name, { concurrency: 1 }));
      expect(error).toBeInstanceOf(RangeError);
      expect(error).toMatchObject({ message: 'seven', cause: [7n], extra: new Map([[7, 'seven']]) });
    },
  );
});

describe('limits of a call of spawned processes', () => {
  it('timeout ends them', async () => {
    const error = await rejectionOf(run('spinsAtSeven', { timeout: 500, name: 'late' }));
    expect(error).toMatchObject({ code: 'ERR_FORKMAP_TIMEOUT', message: expect.stringMatching(/^late: /) });
  });

  it('timeout settles what is open, with settle', async () => {
    const settled = await run('spinsAtSeven', { timeout: 2_000, settle: true, lanes: 1 });
    expect(settled[0]).toEqual({ status: 'fulfilled', value: 0 });
    expect(settled[19]).toMatchObject({ status: 'rejected', reason: { code: 'ERR_FORKMAP_TIMEOUT' } });
  });

  it('memoryLimit ends the one that takes more', async () => {
    const error = await rejectionOf(run('keepsMuch', { memoryLimit: 64 * 1024 ** 2, lanes: 1 }));
    expect(error).toMatchObject({ code: 'ERR_FORKMAP_MEMORY_LIMIT' });
  });

  it('an abort ends them, with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = () => controller.abort(reason);
    const call = run('spinsAtSeven', { signal: controller.signal, onProgress, lanes: 2 });
    expect(await rejectionOf(call)).toBe(reason);
  });
});

it('what a process printed is on the error of its death', async () => {
  const error = await rejectionOf(run('prints', { stdio: 'capture', lanes: 1 }));
  expect(error).toMatchObject({ index: 1, stdout: 'out 0\nout 1\n', stderr: 'err 0\nerr 1\n' });
});

it('progress ends with all', async () => {
  const seen: number[] = [];
  await run('square', { onProgress: ({ done }) => seen.push(done) });
  expect(seen.at(-1)).toBe(items.length);
});
