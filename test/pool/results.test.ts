import { parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNothingForked } from '../helpers/forks.js';
import { expectNoLeaks } from '../helpers/leaks.js';
import { openGate, openMessages } from '../helpers/pipes.js';
import { warmPool } from '../helpers/runs.js';

expectNoLeaks(() => warmPool(16));

const range = (length: number) => Array.from({ length }, (_, i) => i);

describe('parMap() gives results in the order of the items', () => {
  it('whatever the order in which chunks end', async () => {
    const messages = openMessages();
    const gate = openGate();
    const call = parMap(
      range(4),
      (i) => {
        if (i === 0) gate.pass();
        else messages.tell(i);
        return i * 10;
      },
      { chunk: 1, lanes: 2 },
    );
    // The first chunk ends last, for sure.
    const others = [await messages.next(), await messages.next(), await messages.next()];
    expect(others.sort()).toEqual(['1', '2', '3']);
    gate.open();
    expect(await call).toEqual([0, 10, 20, 30]);
  });

  it.each([1, 2, 3, 5, 100])('with %i lanes', async (lanes) => {
    expect(await parMap(range(50), (x) => x * x, { chunk: 7, lanes })).toEqual(range(50).map((x) => x * x));
  });

  it('with asynchronous functions that end in any order', async () => {
    const results = await parMap(
      range(40),
      (i) => new Promise((resolve) => setTimeout(resolve, (i * 7) % 11, i)),
      { chunk: 20 },
    );
    expect(results).toEqual(range(40));
  });

  it('by default as with any options: 2,000 items', async () => {
    const results = await parMap(range(2_000), (x, i) => [x, i]);
    expect(results).toEqual(range(2_000).map((x) => [x, x]));
  });

  it('with chunks of 512, each with a child of its own', async () => {
    const results = await parMap(range(2_000), (x, i) => [x, i, process.pid] as const, { chunk: 512 });
    expect(results.map(([x, i]) => [x, i])).toEqual(range(2_000).map((x) => [x, x]));
    const children = range(4).map(
      (chunk) => new Set(results.slice(chunk * 512, chunk * 512 + 512).map(([, , p]) => p)),
    );
    expect(children.map((pids) => pids.size)).toEqual([1, 1, 1, 1]);
    expect(new Set(results.map(([, , pid]) => pid)).size).toBe(4);
  });
});

describe.each([1, 2, 5, 512])('parMap() with chunks of %i', (chunk) => {
  const lengths = [...new Set([0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 2 * chunk + 1])];
  it.each(lengths)('maps %i items, each exactly once', async (length) => {
    const results = await parMap(range(length), (x, i) => [x, i, process.pid] as const, { chunk });
    expect(results.map(([x, i]) => [x, i])).toEqual(range(length).map((x) => [x, x]));
    expect(new Set(results.map(([, , pid]) => pid)).size).toBe(Math.ceil(length / chunk));
  });
});

describe('parMap() takes', () => {
  const double = (x: unknown, i: number) => [x, i];
  const cases: [what: string, make: () => Iterable<unknown> | ArrayLike<unknown>][] = [
    ['an array', () => [1, 'a', null, undefined]],
    // biome-ignore lint/suspicious/noSparseArray: holes are what is tested
    ['an array with holes', () => [1, , 3, ,]],
    ['an array-like object', () => ({ length: 3, 0: 'a', 2: 'c' })],
    ['a Set', () => new Set(['x', 'y'])],
    ['a Map', () => new Map([['k', 1]])],
    [
      'a generator',
      function* () {
        yield 1;
        yield 2;
      },
    ],
    ['a string, by code points', () => 'a😀b'],
    ['a Uint8Array', () => new Uint8Array([1, 255])],
    ['a Float64Array', () => new Float64Array([0.5, Number.NaN, -0])],
    ['a BigInt64Array', () => new BigInt64Array([1n, -5n])],
    ['a Buffer', () => Buffer.from('hi')],
    ['a typed array that views a part', () => new Int32Array([1, 2, 3, 4]).subarray(1, 3)],
    ['an iterator of entries', () => ['a', 'b'].entries()],
  ];
  it.each(cases)('%s, as Array.from does', async (_what, make) => {
    expect(await parMap(make(), double)).toEqual(Array.from(make(), double));
  });

  it.each(cases)('%s: what it is in the child is what it is here', async (_what, make) => {
    const kinds = await parMap(make(), (x) => typeof x);
    expect(kinds).toEqual(Array.from(make(), (x) => typeof x));
  });

  it.each<[string, Iterable<unknown> | ArrayLike<unknown>]>([
    ['[]', []],
    ['an empty Set', new Set()],
    ['an empty string', ''],
    ['{ length: 0 }', { length: 0 }],
    ['an empty Float64Array', new Float64Array()],
  ])('%s, and forks nothing', async (_what, items) => {
    const results = await expectNothingForked(() => parMap(items, () => 1, { setup: () => undefined }));
    expect(results).toEqual([]);
    expect(Array.isArray(results)).toBe(true);
  });

  it('items of any kind: functions, instances, sockets, cycles, proxies', async () => {
    class Point {
      #x: number;
      constructor(x: number) {
        this.#x = x;
      }
      get x() {
        return this.#x;
      }
    }
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const items: unknown[] = [
      () => 'called',
      new Point(4),
      cycle,
      Symbol.for('s'),
      new Proxy({}, { get: () => 'p' }),
    ];
    const results = await parMap(items, (item, i) => {
      if (typeof item === 'function') return item();
      if (item instanceof Point) return item.x;
      if (typeof item === 'symbol') return item.description;
      return i === 2 ? (item as typeof cycle).self === item : (item as { any: string }).any;
    });
    expect(results).toEqual(['called', 4, true, 's', 'p']);
  });
});

describe('parMap() sees the world as it was at the call:', () => {
  it('items are copied in the call itself', async () => {
    const items = [1, 2, 3];
    const lists = [new Uint8Array([1, 2, 3]), Buffer.from([1, 2, 3]), new Float64Array([1, 2, 3])];
    const calls = [items, ...lists].map((list) => parMap<number, number>(list, (x) => x));
    items.splice(0, 3, 9);
    for (const list of lists) list.fill(9);
    expect(await Promise.all(calls)).toEqual(Array(4).fill([1, 2, 3]));
  });

  it('an iterator is run to its end in the call itself', () => {
    let taken = 0;
    function* items() {
      while (taken < 3) yield taken++;
    }
    const call = parMap(items(), (x) => x);
    expect(taken).toBe(3);
    return expect(call).resolves.toEqual([0, 1, 2]);
  });

  it('options are read in the call itself', async () => {
    const options = { chunk: 1, name: 'before' };
    const call = parMap([1, 2], () => process.title, options);
    options.chunk = 2;
    options.name = 'after';
    expect(await call).toEqual(Array(2).fill(`forkmap before of ${process.pid}`));
  });

  it('all chunks see the same state, whatever the origin does meanwhile', async () => {
    const messages = openMessages();
    const gate = openGate();
    const state = { version: 1, list: range(1_000) };
    const call = parMap(
      range(8),
      (i) => {
        if (i === 0) {
          messages.tell('begun');
          gate.pass();
        }
        return [state.version, state.list.length];
      },
      { chunk: 1, lanes: 1 },
    );
    await messages.next();
    // Seven chunks have not been forked yet.
    state.version = 2;
    state.list.length = 0;
    gate.open();
    expect(await call).toEqual(Array(8).fill([1, 1_000]));
  });
});

it('parMap() gives each of many calls at once its own results', async () => {
  const calls = range(6).map((call) => parMap(range(5), (x) => call * 100 + x, { chunk: 2, lanes: 2 }));
  expect(await Promise.all(calls)).toEqual(range(6).map((call) => range(5).map((x) => call * 100 + x)));
});

it('parMap() lets the event loop turn while children work', async () => {
  const gate = openGate();
  const call = parMap([1], () => gate.pass());
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
  gate.open();
  await call;
});
