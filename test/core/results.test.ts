import { createHash, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { forkMap, forkMapSync } from '@forkmap/core';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { ASYNC_RUNS, RUNS, warmPool } from '../helpers/runs.js';

expectNoLeaks(warmPool);

class Account {
  #balance = 0;
  deposit(amount: number): this {
    this.#balance += amount;
    return this;
  }
  get balance(): number {
    return this.#balance;
  }
}

describe.each(RUNS)('%s() reaches', (_name, run) => {
  it('captured variables, as they are and not as they were made', async () => {
    let count = 0;
    const add = () => ++count;
    add();
    expect(await run(() => add() + 10)).toBe(12);
  });

  it('instances of classes, private fields included', async () => {
    const account = new Account().deposit(5);
    expect(await run(() => account.deposit(2).balance)).toBe(7);
    expect(account.balance).toBe(5);
  });

  it('functions: bound, recursive, curried, and generators', async () => {
    const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));
    const scale = (by: number) => (x: number) => x * by;
    const bound = function (this: { x: number }) {
      return this.x;
    }.bind({ x: 3 });
    function* count() {
      yield 1;
      yield 2;
    }
    const iterator = count();
    iterator.next();
    expect(await run(() => [fib(15), scale(3)(4), bound(), iterator.next().value])).toEqual([610, 12, 3, 2]);
  });

  it('modules that are loaded, with their state', async () => {
    const require = createRequire(import.meta.url);
    const shelf = require('../fixtures/keeps-state.cjs') as { put(book: string): number; books: string[] };
    shelf.put('Moby Dick');
    expect(await run(() => [shelf.put('Emma'), createHash('md5').update('x').digest('hex')])).toEqual([
      shelf.books.length + 1,
      createHash('md5').update('x').digest('hex'),
    ]);
    expect(shelf.books).not.toContain('Emma');
  });

  it('modules that are not loaded yet', async () => {
    const require = createRequire(import.meta.url);
    const path = join(import.meta.dirname, '..', 'fixtures', 'is-loaded-late.cjs');
    expect(await run(() => require(path))).toEqual({ isLate: true });
  });

  it('weak maps, symbols, proxies and closures of closures', async () => {
    const key = {};
    const secret = Symbol('secret');
    const weak = new WeakMap([[key, { [secret]: 'found' }]]);
    const proxy = new Proxy({} as Record<string, string>, { get: (_, name) => `got ${String(name)}` });
    expect(await run(() => `${weak.get(key)?.[secret]} ${proxy.it}`)).toBe('found got it');
  });

  it('data that is far too large to be sent', async () => {
    const haystack = new Map(Array.from({ length: 50_000 }, (_, i) => [`key ${i}`, { i }]));
    expect(await run(() => haystack.get('key 49999')?.i)).toBe(49_999);
  });
});

describe.each(RUNS)('%s() gives back', (_name, run) => {
  it('undefined where nothing is returned', async () => {
    expect(await run(() => undefined)).toBeUndefined();
  });

  it('what was returned, exactly', async () => {
    const make = () => ({
      numbers: [0, -0, Number.NaN, Number.POSITIVE_INFINITY, 1.5, 2n ** 70n],
      text: ['', 'ä€😀', '\ud800'],
      nothing: [null, undefined],
      dates: [new Date(5), /a+/gi, new Map([[1, new Set([2])]])],
      bytes: [new Uint8Array([1, 2]), new Float64Array([-0, 0.1])],
    });
    const result = await run(make);
    expect(result).toEqual(make());
    expect(Object.is(result.numbers[1], -0)).toBe(true);
  });

  it('a result that takes many turns of the pipe', async () => {
    const bytes = randomBytes(8 << 20);
    const sent = await run(() => ({ text: 'x'.repeat(4 << 20), bytes: new Uint8Array(bytes) }));
    expect(sent.text.length).toBe(4 << 20);
    expect(Buffer.compare(sent.bytes, bytes)).toBe(0);
  });

  it('nothing that the child did to memory', async () => {
    const state = { count: 0, list: [1], map: new Map() };
    const touched = await run(() => {
      state.count = 9;
      state.list.push(2);
      state.map.set('a', 1);
      Object.defineProperty(globalThis, 'leftBehind', { value: 1 });
      return state.count + state.list.length + state.map.size;
    });
    expect(touched).toBe(12);
    expect(state).toEqual({ count: 0, list: [1], map: new Map() });
    expect('leftBehind' in globalThis).toBe(false);
  });
});

describe.each(ASYNC_RUNS)('%s() awaits', (_name, run) => {
  it('what a function returns: promises, thenables, nested ones', async () => {
    expect(await run(async () => 1)).toBe(1);
    expect(await run(() => new Promise<number>((resolve) => setImmediate(resolve, 2)))).toBe(2);
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
    const thenable = { then: (resolve: (n: number) => void) => resolve(3) } as PromiseLike<number>;
    expect(await run(() => thenable)).toBe(3);
    expect(await run(async () => Promise.resolve(Promise.resolve(4)))).toBe(4);
  });

  it('timers, ticks and microtasks of the child, in their order', async () => {
    const order = await run(
      () =>
        new Promise<string[]>((resolve) => {
          const seen: string[] = [];
          setTimeout(() => resolve([...seen, 'timer']), 2);
          setImmediate(() => seen.push('immediate'));
          process.nextTick(() => seen.push('tick'));
          void Promise.resolve().then(() => seen.push('microtask'));
          seen.push('now');
        }),
    );
    expect([...order].sort()).toEqual(['immediate', 'microtask', 'now', 'tick', 'timer']);
    expect(order.at(0)).toBe('now');
    expect(order.at(-1)).toBe('timer');
  });

  it('the thread pool, which the child makes anew', async () => {
    const { readFile } = await import('node:fs/promises');
    expect(await run(async () => (await readFile(import.meta.filename, 'utf8')).length)).toBeGreaterThan(100);
  });
});

describe('forkMap()', () => {
  it('gives each of many calls at once its own result', async () => {
    const calls = Array.from({ length: 12 }, (_, i) => forkMap(() => [i, process.pid]));
    const results = (await Promise.all(calls)) as [number, number][];
    expect(results.map(([i]) => i)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(new Set(results.map(([, pid]) => pid)).size).toBe(12);
  });

  it('lets the event loop turn while the child works', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const { setTimeout: sleep } = await import('node:timers/promises');
    await forkMap(() => sleep(50));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  it('does not run continuations of the origin in the child', async () => {
    const ran: number[] = [];
    const note = () => void ran.push(process.pid);
    const call = forkMap(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return ran.slice();
    });
    void Promise.resolve().then(note);
    process.nextTick(note);
    const timer = setTimeout(note, 1);
    setImmediate(note);
    const seenByChild = await call;
    clearTimeout(timer);
    expect(seenByChild.filter((pid) => pid !== process.pid)).toEqual([]);
  });
});

describe('forkMapSync()', () => {
  it('is done when it returns, with nothing else run meanwhile', async () => {
    const order: string[] = [];
    void Promise.resolve().then(() => order.push('microtask'));
    order.push(forkMapSync(() => 'child'));
    await null;
    expect(order).toEqual(['child', 'microtask']);
  });
});
