/** What a call of a kept function is given, and what comes back. */
import { keep } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';

expectNoLeaks(async () => {
  await using warm = await keep(() => 1, { lanes: 1 });
  await warm();
});

it('keep() runs any closure over any state, in a child', async () => {
  class Index {
    readonly #words = new Map([['fork', 2]]);
    find = (word: string) => this.#words.get(word);
  }
  const index = new Index();
  await using find = await keep((word: string) => ({ found: index.find(word), pid: process.pid }), {
    lanes: 1,
  });
  const { found, pid } = await find('fork');
  expect(found).toBe(2);
  expect(pid).not.toBe(process.pid);
});

it.each([0, 1, 3])('keep() passes on %i arguments', async (count) => {
  await using kept = await keep((...args: unknown[]) => args, { lanes: 1 });
  const args = Array.from({ length: count }, (_, at) => ({ at }));
  expect(await kept(...args)).toEqual(args);
  expect(await kept.run(args)).toEqual(args);
});

const VALUES = {
  undefined: undefined,
  null: null,
  '-0': -0,
  'a bigint': 2n ** 70n,
  'a lone surrogate': '\ud800',
  'a date': new Date(5),
  'a map of sets': new Map([['a', new Set([1])]]),
  'a typed array': new Float32Array([1, 2.5]),
  'a buffer': Buffer.from('bytes'),
  'a list with holes': Object.assign(new Array(3), { 0: 1, 2: 3 }),
  'an error': new RangeError('as a value'),
};
it('keep() gives back what the arguments were, exactly', async () => {
  await using echo = await keep((value: unknown) => value, { lanes: 1 });
  for (const [name, value] of Object.entries(VALUES)) expect(await echo(value), name).toStrictEqual(value);
});

it.each([1_000, 48 * 1024 - 8, 48 * 1024, 49 * 1024, 1_000_000, 8_000_000])(
  'keep() passes on %i bytes, to and fro',
  async (size) => {
    await using echo = await keep((bytes: Buffer) => bytes, { lanes: 1 });
    const bytes = Buffer.alloc(size);
    for (let at = 0; at < size; at += 97) bytes[at] = at % 251;
    expect(bytes.equals(await echo(bytes))).toBe(true);
    expect(bytes.equals(await echo(bytes))).toBe(true);
  },
);

it('what the arguments were when the call was made is what the child gets', async () => {
  await using echo = await keep((list: number[]) => list.length, { lanes: 1 });
  const list = [1, 2];
  const calls = [echo(list), echo(list), echo(list)];
  list.push(3);
  expect(await Promise.all(calls)).toEqual([2, 2, 2]);
});

it('what the function changes stays in its child', async () => {
  let count = 0;
  await using next = await keep(() => ++count, { lanes: 1 });
  expect([await next(), await next(), await next()]).toEqual([1, 2, 3]);
  expect(count).toBe(0);
});

it('keep() sends instances of classes in `types` both ways', async () => {
  class Money {
    constructor(readonly cents: number) {}
  }
  const types = {
    Money: [(v: unknown) => v instanceof Money && [v.cents], ([c]: [number]) => new Money(c)],
  } as never;
  await using twice = await keep((money: Money) => new Money(money.cents * 2), { lanes: 1, types });
  expect(await twice(new Money(21))).toEqual(new Money(42));
});

describe('what the function throws', () => {
  it('arrives as it was thrown, and costs no child', async () => {
    const cause = new TypeError('inner');
    await using kept = await keep(
      (how: string) => {
        if (how === 'error') throw Object.assign(new RangeError('outer', { cause }), { detail: 7 });
        if (how === 'value') throw 'a string';
        return process.pid;
      },
      { lanes: 1 },
    );
    const pid = await kept('pid');
    await expect(kept('error')).rejects.toMatchObject({
      name: 'RangeError',
      message: 'outer',
      detail: 7,
      cause,
    });
    await expect(kept('value')).rejects.toBe('a string');
    expect(await kept('pid')).toBe(pid);
  });

  it('arrives where it was thrown later', async () => {
    await using kept = await keep(
      async () => {
        await new Promise(setImmediate);
        throw new RangeError('later');
      },
      { lanes: 1 },
    );
    await expect(kept()).rejects.toThrow(RangeError);
  });
});

it('an argument that cannot be sent is told by its path, and nothing runs', async () => {
  await using kept = await keep((..._args: unknown[]) => 1, { lanes: 1 });
  await expect(kept(1, { owner: { socket: () => 1 } })).rejects.toMatchObject({
    code: 'ERR_FORKMAP_SERIALIZE_INPUT',
    effect: 'CallableDidNotExecute',
    message: expect.stringContaining('argument 1.owner.socket'),
  });
  expect(await kept()).toBe(1);
});

it('a result that cannot be sent is told by its path', async () => {
  await using kept = await keep(() => ({ owner: { socket: () => 1 } }), { lanes: 1 });
  await expect(kept()).rejects.toMatchObject({
    code: 'ERR_FORKMAP_SERIALIZE',
    effect: 'CallableExecuted',
    message: expect.stringContaining('result.owner.socket'),
  });
});

it('a result that is larger than maxResultBytes is an error, and costs no child', async () => {
  await using kept = await keep((n: number) => 'x'.repeat(n), { lanes: 1, maxResultBytes: 1_000 });
  await expect(kept(2_000)).rejects.toMatchObject({ code: 'ERR_FORKMAP_RESULT_TOO_LARGE' });
  expect(await kept(3)).toBe('xxx');
  expect(kept.stats().replaced).toBe(0);
});

it('concurrency: asynchronous calls are in flight together within a child, and none waits for another', async () => {
  const waiting: (() => void)[] = [];
  await using kept = await keep(
    (what: 'wait' | 'let go' | 'pid') => {
      if (what === 'wait') return new Promise<number>((resolve) => waiting.push(() => resolve(process.pid)));
      if (what === 'let go') for (const letGo of waiting) letGo();
      return process.pid;
    },
    { lanes: 1, concurrency: 4 },
  );
  const waited = [kept('wait'), kept('wait')];
  const pid = await kept('pid');
  await kept('let go');
  expect(await Promise.all(waited)).toEqual([pid, pid]);
});

it('without concurrency a child is at one call at a time', async () => {
  let inFlight = 0;
  await using kept = await keep(
    async () => {
      const before = inFlight++;
      await new Promise(setImmediate);
      inFlight -= 1;
      return before;
    },
    { lanes: 1 },
  );
  expect(await Promise.all([kept(), kept(), kept()])).toEqual([0, 0, 0]);
});

it('a promise that can never settle is an error', async () => {
  await using kept = await keep((hangs: boolean) => (hangs ? new Promise<never>(() => undefined) : 1), {
    lanes: 1,
  });
  await expect(kept(true)).rejects.toMatchObject({ code: 'ERR_FORKMAP_UNSETTLED' });
  expect(await kept(false)).toBe(1);
});

it('`setup` runs once in each child, `warm` once before all', async () => {
  const seen = { warm: [] as number[], setup: [] as number[] };
  await using kept = await keep(() => ({ ...seen, pid: process.pid }), {
    lanes: 1,
    maxCalls: 1,
    warm: () => void seen.warm.push(process.pid),
    setup: async () => {
      await new Promise(setImmediate);
      seen.setup.push(process.pid);
    },
  });
  const [first, second] = [await kept(), await kept()];
  expect(first.warm).toEqual(second.warm);
  expect(first.warm).not.toContain(process.pid);
  expect(first.setup).toEqual([first.pid]);
  expect(second.setup).toEqual([second.pid]);
  expect(second.pid).not.toBe(first.pid);
});

it.each(['setup', 'warm'])('what %s throws, keep() rejects with', async (option) => {
  const fails = () => {
    throw new RangeError(`of ${option}`);
  };
  await expect(keep(() => 1, { lanes: 2, [option]: fails })).rejects.toThrow(RangeError);
});

it('inside a child, a kept function runs inline', async () => {
  await using fib = await keep(
    async (n: number): Promise<{ value: number; pids: number[] }> => {
      if (n < 2) return { value: n, pids: [process.pid] };
      const [a, b] = [await fib(n - 1), await fib(n - 2)];
      return { value: a.value + b.value, pids: [...a.pids, ...b.pids] };
    },
    { lanes: 1 },
  );
  await fib.refresh(); // Before, there was no `fib` yet.
  const { value, pids } = await fib(6);
  expect(value).toBe(8);
  expect(new Set(pids).size).toBe(1);
});

it.each([{ engine: 'inline' as const }, { lanes: 0 }])('keep() runs here with %o', async (options) => {
  await using kept = await keep((a: number, b: number) => [a + b, process.pid], options);
  expect(await kept(1, 2)).toEqual([3, process.pid]);
  expect(kept.stats()).toMatchObject({ done: 1, failed: 0 });
});

describe('wrong arguments', () => {
  it.each([
    ['a function that is none', () => keep(1 as never), 'ERR_INVALID_ARG_TYPE'],
    ['an unknown option', () => keep(() => 1, { maxCall: 1 } as never), 'ERR_INVALID_ARG_VALUE'],
    ['an option out of range', () => keep(() => 1, { maxCalls: 0 }), 'ERR_OUT_OF_RANGE'],
  ])('%s is an error', async (_, call, code) => {
    await expect(call()).rejects.toMatchObject({ code });
  });

  it('an unknown option of run() is an error', async () => {
    await using kept = await keep(() => 1, { lanes: 1 });
    await expect(kept.run([], { prio: 1 } as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });
});
