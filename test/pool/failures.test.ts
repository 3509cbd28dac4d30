/** Which failure a call rejects with, what it says of item and chunk, and that nothing is left running. */
import { CallableStatusUnknownError, ForkError, type ParMapOptions, parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { openGate, openMessages } from '../helpers/pipes.js';
import { isAlive, survivors } from '../helpers/processes.js';
import { rejectionOf, warmPool } from '../helpers/runs.js';
import { sleepForEver } from '../helpers/time.js';

expectNoLeaks(warmPool);

const range = (length: number) => Array.from({ length }, (_, i) => i);

describe('parMap() rejects with the failure of the lowest index known', () => {
  it('within a chunk, which ends at its first failure', async () => {
    const ran: number[] = [];
    const error = await rejectionOf(
      parMap(
        range(10),
        (i) => {
          ran.push(i);
          if (i >= 3) throw new Error(`item ${i}, after ${ran.length}`);
        },
        { chunk: 10 },
      ),
    );
    expect(error).toHaveProperty('message', 'item 3, after 4');
  });

  it('among asynchronous items in flight together', async () => {
    const error = await rejectionOf(
      parMap(
        range(3),
        async (i) => {
          if (i > 0) throw new Error(`item ${i}`);
          await new Promise(() => setTimeout(() => undefined, 60_000));
        },
        { chunk: 3 },
      ),
    );
    expect(error).toHaveProperty('message', 'item 1');
  });

  it('among chunks, where several are known', async () => {
    const messages = openMessages();
    const gate = openGate();
    const call = parMap(
      range(2),
      (i) => {
        messages.tell(process.pid);
        gate.pass();
        throw new Error(`item ${i}`);
      },
      { chunk: 1, lanes: 2 },
    );
    const settled = rejectionOf(call);
    const pids = [await messages.next(), await messages.next()].map(Number);
    gate.open(2);
    // Blocks the event loop: whichever failure is looked at first, the other one has been sent by then.
    while (pids.some(isAlive));
    expect(await settled).toHaveProperty('message', 'item 0');
  });

  it('a death as well as a throw', async () => {
    const error = await rejectionOf(
      parMap(range(4), (i) => {
        if (i === 1) process.kill(process.pid, 'SIGKILL');
        if (i === 2) throw new Error('never reached');
      }),
    );
    expect(error).toMatchObject({ code: 'ERR_FORKMAP_KILLED', index: 1 });
  });
});

describe('a ForkError of parMap() says', () => {
  const deaths: [what: string, die: () => unknown, expected: object, options?: ParMapOptions][] = [
    [
      'a signal',
      () => process.kill(process.pid, 'SIGKILL'),
      { code: 'ERR_FORKMAP_KILLED', signal: 'SIGKILL' },
    ],
    ['an exit', () => process.exit(9), { code: 'ERR_FORKMAP_EXITED', exitCode: 9 }],
    ['a result that cannot be sent', () => ({ f: () => 0 }), { code: 'ERR_FORKMAP_SERIALIZE' }],
    [
      'a promise that cannot settle',
      () => new Promise(() => undefined),
      { code: 'ERR_FORKMAP_UNSETTLED' },
      { concurrency: 1 },
    ],
    [
      'a large result',
      () => 'x'.repeat(5_000),
      { code: 'ERR_FORKMAP_RESULT_TOO_LARGE' },
      { maxResultBytes: 500 },
    ],
  ];
  it.each(deaths)('index, chunk and pid of %s', async (_what, die, expected, options) => {
    const error = await rejectionOf(
      parMap(range(20), (i) => (i === 12 ? (die() as number) : i), { chunk: 5, ...options }),
    );
    expect(error).toBeInstanceOf(ForkError);
    expect(error).toMatchObject({ ...expected, index: 12, chunk: { start: 10, end: 15 } });
    expect((error as ForkError).pid).toBeGreaterThan(0);
  });

  it('index and chunk in its message, the name first', async () => {
    const error = await rejectionOf(
      parMap(range(20), (i) => i === 12 && process.exit(1), { chunk: 5, name: 'nightly' }),
    );
    expect((error as Error).message).toMatch(/^nightly: .*\b12\b.*\[10, 15\)/);
  });

  it('the path of what cannot be sent, item first', async () => {
    const error = await rejectionOf(parMap(range(4), (i) => (i === 3 ? { owner: { socket: () => 0 } } : i)));
    expect((error as Error).message).toContain('[3].owner.socket');
  });
});

describe('after a rejection of parMap() nothing runs any more:', () => {
  it('children at work are gone, chunks not begun are not begun', async () => {
    const messages = openMessages();
    const gate = openGate();
    const call = parMap(
      range(20),
      (i) => {
        messages.tell(`${i} ${process.pid}`);
        if (i === 1) {
          gate.pass();
          throw new Error('one');
        }
        sleepForEver();
      },
      { chunk: 1, lanes: 2 },
    );
    const settled = rejectionOf(call);
    const begun = [await messages.next(), await messages.next()].map((line) => line.split(' ').map(Number));
    expect(begun.map(([i]) => i).sort()).toEqual([0, 1]);
    gate.open();
    expect(await settled).toHaveProperty('message', 'one');
    expect(begun.map(([, pid]) => pid as number).filter(isAlive)).toEqual([]);
    messages.tell('nothing else was said');
    expect(await messages.next()).toBe('nothing else was said');
  });

  it.each<[string, { items: number; victim: number; options?: ParMapOptions }]>([
    ['where the snapshot itself is killed', { items: 4, victim: 0 }],
    ['where the process of one lane is killed', { items: 20, victim: 0 }],
    ['where the process of the other lane is killed', { items: 20, victim: 1 }],
    [
      "where the snapshot is killed (isolation 'lane')",
      { items: 4, victim: 0, options: { isolation: 'lane' } },
    ],
  ])('%s', async (_what, { items, victim, options }) => {
    const messages = openMessages();
    const call = parMap(
      range(items),
      (i) => {
        messages.tell(`${i} ${process.pid} ${process.ppid}`);
        sleepForEver();
      },
      { chunk: 1, lanes: 2, ...options },
    );
    const settled = rejectionOf(call);
    const begun = [await messages.next(), await messages.next()].map((line) => line.split(' ').map(Number));
    process.kill(begun.find(([i]) => i === victim)?.[2] as number, 'SIGKILL');
    expect(await settled).toBeInstanceOf(CallableStatusUnknownError);
    const children = begun.map(([, pid]) => pid as number);
    expect(await survivors(children, 1_000)).toEqual([]);
  });

  it('by `timeout`, which rejects with ERR_FORKMAP_TIMEOUT', async () => {
    const messages = openMessages();
    const error = await rejectionOf(
      parMap(
        range(4),
        () => {
          messages.tell(process.pid);
          sleepForEver();
        },
        { chunk: 1, lanes: 2, timeout: 300, name: 'slow' },
      ),
    );
    expect(error).toMatchObject({ code: 'ERR_FORKMAP_TIMEOUT', effect: 'CallableStatusUnknown' });
    expect((error as Error).message).toContain('300 ms');
    const pids = [await messages.next(), await messages.next()].map(Number);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('by `signal`, between chunks too', async () => {
    const messages = openMessages();
    const controller = new AbortController();
    const call = parMap(range(10_000), (i) => i % 10 === 0 && messages.tell(i), {
      chunk: 10,
      lanes: 2,
      signal: controller.signal,
    });
    await messages.next();
    controller.abort('enough');
    expect(await rejectionOf(call)).toBe('enough');
  });
});

it('a failed call leaves the pool as it was', async () => {
  for (let i = 0; i < 5; i++) {
    await rejectionOf(parMap(range(4), () => process.kill(process.pid, 'SIGKILL'), { chunk: 1, lanes: 2 }));
    expect(await parMap(range(4), (x) => x, { chunk: 1, lanes: 2 })).toEqual(range(4));
  }
});

it('what fn throws may take more bytes than a result', async () => {
  const items = range(12);
  const outcomes = await parMap(
    items,
    (i) => {
      if (i % 3 === 1) throw new RangeError(`item ${i}, ${'at length'.repeat(20)}`);
      return i % 3 === 2 ? 'x'.repeat(40) : i;
    },
    { chunk: 4, maxResultBytes: 16, settle: true },
  );
  expect(
    outcomes.map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value : (outcome.reason.code ?? outcome.reason.name),
    ),
  ).toEqual(items.map((i) => [i, 'RangeError', 'ERR_FORKMAP_RESULT_TOO_LARGE'][i % 3]));
});
