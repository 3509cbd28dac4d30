/** The option `warm`: it runs once, where all children inherit what it does, and before any item. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as verbs from '@forkmap/pool';
import { forkMap, forkMapSync, type ParMapOptions, Pool, par, parMap, parStream } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { openMessages } from '../helpers/pipes.js';
import { rejectionOf, thrownBy, warmPool } from '../helpers/runs.js';
import { SPAWNED, taskOf } from '../helpers/tasks.js';

expectNoLeaks(warmPool);

const range = (length: number) => Array.from({ length }, (_, i) => i);

async function collected(source: AsyncIterable<unknown>): Promise<unknown[]> {
  const values = [];
  for await (const value of source) values.push(value);
  return values;
}

/** A `warm` that leaves behind where it ran, and an item that says what it found. */
function traces() {
  const ranIn: number[] = [];
  return { ranIn, warm: () => void ranIn.push(process.pid), look: () => [...ranIn, process.pid] };
}

describe('warm runs once, in one process that all children are forked from', () => {
  const ways: [what: string, items: number, options: ParMapOptions][] = [
    ['a few chunks', 6, { chunk: 2 }],
    ['many chunks', 140, { chunk: 1 }],
    ['kept children', 6, { chunk: 1, isolation: 'lane' }],
    ['chunks that are split', 600, { chunk: 'auto' }],
  ];
  it.each(ways)('%s', async (_what, items, options) => {
    const { ranIn, warm, look } = traces();
    const seen = await parMap(range(items), look, { lanes: 2, ...options, warm });
    const [snapshot] = seen[0] as number[];
    expect(snapshot).toBeGreaterThan(0);
    for (const [at, pids] of seen.entries()) {
      expect(pids, `item ${at}`).toHaveLength(2);
      expect(pids[0]).toBe(snapshot);
    }
    expect([process.pid, ...seen.map((pids) => pids[1])]).not.toContain(snapshot);
    expect(ranIn).toEqual([]);
  });

  const calls: Record<string, (look: () => unknown, options: ParMapOptions) => Promise<unknown>> = {
    parForEach: (look, o) => verbs.parForEach([1], () => expectOne(look), o),
    parFilter: (look, o) => verbs.parFilter([1], () => expectOne(look), o),
    parSort: (look, o) => verbs.parSort([2, 1], (a, b) => expectOne(look) * (a - b), { ...o, chunk: 2 }),
    parStream: (look, o) => collected(parStream([1], () => expectOne(look), o)),
    'par().map().sum()': (look, o) =>
      par([1], o)
        .map(() => expectOne(look))
        .sum(),
    Pool: (look, o) => new Pool(o).join(() => expectOne(look)),
  };
  function expectOne(look: () => unknown): number {
    const seen = look() as number[];
    if (seen.length !== 2 || seen[0] === process.pid) throw new Error(`seen: ${seen}`);
    return 1;
  }
  it.each(Object.entries(calls))('%s', async (_verb, call) => {
    const { warm, look } = traces();
    await call(look, { warm });
  });

  it('forkMap() and forkMapSync(), where that is the child itself', async () => {
    const { ranIn, warm, look } = traces();
    for (const [first, own, ...rest] of [await forkMap(look, { warm }), forkMapSync(look, { warm })]) {
      expect(first).toBe(own);
      expect(rest).toEqual([]);
    }
    expect(ranIn).toEqual([]);
  });

  it('inline, where that is this process', async () => {
    const { ranIn, warm, look } = traces();
    await parMap([1, 2, 3], look, { warm, engine: 'inline' });
    await par([1, 2, 3], { warm, lanes: 0 }).map(look).count();
    await parMap([], look, { warm, engine: 'inline' });
    expect(ranIn).toEqual([process.pid, process.pid]);
  });

  it('spawned, in each process', async () => {
    const options = { ...SPAWNED, chunk: 1, warm: taskOf('warmsUp') };
    expect(await parMap(range(6), taskOf('warmthOf'), options)).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

describe('children inherit what warm has had compiled', () => {
  it.each([3, 100])('by %i of them', (chunks) => {
    const program = join(import.meta.dirname, '..', 'fixtures', 'shows-what-is-compiled.mjs');
    const text = execFileSync(process.execPath, ['--allow-natives-syntax', program, String(chunks)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(JSON.parse(text)).toEqual({ cold: false, warm: true });
  });
});

describe('warm that fails rejects the call, and nothing is executed', () => {
  const cold = () => {
    throw new RangeError('cold', { cause: { of: 'weather' } });
  };
  const ways: [what: string, options: ParMapOptions][] = [
    ['forked', { chunk: 1 }],
    ['settled', { chunk: 1, settle: true }],
    ['retried', { chunk: 1, retries: 3 }],
    ['kept', { chunk: 1, isolation: 'lane' }],
    ['inline', { engine: 'inline' }],
  ];
  it.each(ways)('%s', async (_what, options) => {
    const messages = openMessages();
    const error = await rejectionOf(parMap(range(4), () => messages.tell('ran'), { ...options, warm: cold }));
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: 'cold', cause: { of: 'weather' } });
    messages.tell('nothing else was said');
    expect(await messages.next()).toBe('nothing else was said');
  });

  it('in chains, streams, forkMap(), forkMapSync() and spawned processes', async () => {
    const fn = () => 1;
    const options = { warm: cold };
    const errors = [
      await rejectionOf(par([1], options).map(fn).sum()),
      await rejectionOf(
        par([1], { ...options, engine: 'inline' })
          .map(fn)
          .sum(),
      ),
      await rejectionOf(collected(parStream([1], fn, { ...options, settle: true }))),
      await rejectionOf(verbs.parSort([2, 1], () => 0, options)),
      await rejectionOf(forkMap(fn, options)),
      thrownBy(() => forkMapSync(fn, options)),
      await rejectionOf(
        parMap([1, 2], taskOf('square'), { ...SPAWNED, settle: true, warm: taskOf('warmsUpInVain') }),
      ),
    ];
    expect(errors.map(String)).toEqual(errors.map(() => 'RangeError: cold'));
  });

  it('by a promise, even one that is rejected later', async () => {
    const late = async () => cold();
    const warm = late as () => void;
    const errors = [
      await rejectionOf(parMap([1], () => 1, { warm, settle: true })),
      await rejectionOf(parMap([1], () => 1, { warm, engine: 'inline' })),
      await rejectionOf(par([1], { warm }).sum()),
      await rejectionOf(forkMap(() => 1, { warm })),
      thrownBy(() => forkMapSync(() => 1, { warm })),
      await rejectionOf(parMap([1], taskOf('square'), { ...SPAWNED, warm: taskOf('warmsUpLater') })),
    ];
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'ERR_FORKMAP_ASYNC_IN_SYNC' });
      expect((error as Error).message).toContain('warm returned a promise');
    }
  });

  it('by its end of the process, which the message lays to it', async () => {
    const error = await rejectionOf(parMap([1], () => 1, { warm: () => process.exit(3) }));
    expect(error).toMatchObject({ code: 'ERR_FORKMAP_FORK', retryable: true });
    expect((error as Error).message).toContain('while it ran warm');
  });

  it('by going on longer than the call may', async () => {
    const warm = () => {
      for (;;);
    };
    const error = await rejectionOf(parMap([1], () => 1, { warm, timeout: 100 }));
    expect(error).toMatchObject({ code: 'ERR_FORKMAP_TIMEOUT' });
  });
});

it('warm with a closure is refused where processes are spawned', async () => {
  const error = await rejectionOf(parMap([1], taskOf('square'), { ...SPAWNED, warm: () => undefined }));
  expect(error).toMatchObject({ code: 'ERR_FORKMAP_UNSUPPORTED' });
});
