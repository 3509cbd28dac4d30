import { EventEmitter, once } from 'node:events';
import timers from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { forkMap } from '@forkmap/core';
import { parMap } from '@forkmap/pool';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rejectionOf } from '../helpers/runs.js';
import { scaled } from '../helpers/time.js';
import { addOneInWasm } from './wasm.js';
import { WAYS } from './ways.js';

const never = () => new Promise<never>(() => {});

describe('an asynchronous function in parMap()', () => {
  it.each([1, 3, 16])('has %i items in flight, and results in order', async (concurrency) => {
    const items = Array.from({ length: 40 }, (_, i) => i);
    let running = 0;
    let most = 0;
    const fn = async (item: number) => {
      running += 1;
      most = Math.max(most, running);
      // Later items are done sooner.
      await timers.setTimeout((40 - item) / 10);
      running -= 1;
      return { item, most };
    };
    const results = await parMap(items, fn, { concurrency, chunk: 40 });
    expect(results.map(({ item }) => item)).toEqual(items);
    expect(Math.max(...results.map(({ most }) => most))).toBe(concurrency);
  });

  it('has 16 items in flight by default', async () => {
    let running = 0;
    const fn = async () => {
      running += 1;
      await timers.setTimeout(5);
      return running;
    };
    expect(await parMap(new Uint8Array(64), fn, { chunk: 64 })).toContain(16);
  });

  it('may be synchronous for some items', async () => {
    const fn = (item: number) => (item % 2 ? item : timers.setTimeout(1, item));
    const items = Array.from({ length: 50 }, (_, i) => i);
    expect(await parMap(items, fn, { chunk: 10, concurrency: 3 })).toEqual(items);
  });

  it('fails alone, like a throw', async () => {
    const fn = async (item: number) => {
      await timers.setImmediate();
      if (item === 3) throw new RangeError('three');
      return item;
    };
    const settled = await parMap([1, 2, 3, 4], fn, { settle: true });
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await rejectionOf(parMap([1, 2, 3, 4], fn))).toEqual(new RangeError('three'));
  });
});

/** What keeps the origin's event loop alive, and with it the one that a child inherits. */
const ORIGINS = [
  ['is idle', () => () => {}],
  [
    'has timers',
    () => {
      const cleared = setTimeout(() => {}, 1_000_000);
      const timers = [setTimeout(() => {}, 1_000_000), setInterval(() => {}, 5), cleared];
      return () => timers.forEach(clearTimeout);
    },
  ],
  [
    'has immediates',
    () => {
      let immediate = setImmediate(function again() {
        immediate = setImmediate(again);
      });
      return () => clearImmediate(immediate);
    },
  ],
] as const;

/** Callbacks that belong to no promise of the function. */
const STRAYS: Record<string, (callback: () => void) => unknown> = {
  'a tick': process.nextTick,
  'a microtask': queueMicrotask,
  'an immediate': setImmediate,
  'an event without listeners': () =>
    process.nextTick(() => new EventEmitter().emit('error', new RangeError('stray'))),
};

describe.each(ORIGINS)('where the origin %s', (_state, start) => {
  let stop: () => void;
  beforeEach(() => {
    stop = start();
  });
  afterEach(() => stop());

  describe.each(WAYS)('in a child of %s', (_way, inside) => {
    it('a promise that can never settle is ERR_FORKMAP_UNSETTLED at once', async () => {
      const before = performance.now();
      expect(await rejectionOf(inside(never))).toMatchObject({
        code: 'ERR_FORKMAP_UNSETTLED',
        effect: 'CallableStatusUnknown',
      });
      expect(performance.now() - before).toBeLessThan(scaled(1_000));
    });

    it('so is one that was still alive for a while', async () => {
      const fn = async () => {
        await timers.setTimeout(30);
        await never();
      };
      expect(await rejectionOf(inside(fn))).toMatchObject({ code: 'ERR_FORKMAP_UNSETTLED' });
    });

    it('an unreferenced timer does not keep it waiting', async () => {
      const fn = () => new Promise((resolve) => void setTimeout(resolve, 10_000).unref());
      expect(await rejectionOf(inside(fn))).toMatchObject({ code: 'ERR_FORKMAP_UNSETTLED' });
    });

    it('is not taken for unsettled while it waits for anything', async () => {
      const fn = async () => {
        for (let i = 0; i < 5; i++) await timers.setTimeout(25);
        for (let i = 0; i < 200; i++) await timers.setImmediate();
        for (let i = 0; i < 20; i++) await WebAssembly.compile(addOneInWasm);
        return 'settled';
      };
      expect(await inside(fn)).toBe('settled');
    });

    it('an uncaught exception fails it, and is not heard in the origin', async () => {
      const heard: unknown[] = [];
      const listen = (error: unknown) => heard.push(error);
      process.prependListener('uncaughtException', listen);
      process.prependListener('uncaughtExceptionMonitor', listen);
      const fn = () => {
        setTimeout(() => {
          throw new RangeError(`stray, heard of ${heard.length} times`);
        }, 1);
        return timers.setTimeout(10_000);
      };
      expect(await rejectionOf(inside(fn))).toEqual(new RangeError('stray, heard of 0 times'));
      process.off('uncaughtException', listen);
      process.off('uncaughtExceptionMonitor', listen);
      expect(heard).toEqual([]);
    });

    it.each(Object.entries(STRAYS))('so does one thrown by %s in its first turn', async (_what, stray) => {
      const fn = () => {
        stray(() => {
          throw new RangeError('stray');
        });
        return timers.setTimeout(10_000);
      };
      expect(await rejectionOf(inside(fn))).toEqual(new RangeError('stray'));
    });

    it('an unhandled rejection fails it, and is not heard in the origin', async () => {
      const heard: unknown[] = [];
      const listen = (error: unknown) => heard.push(error);
      process.prependListener('unhandledRejection', listen);
      const fn = () => {
        void Promise.reject(new RangeError(`stray, heard of ${heard.length} times`));
        return timers.setTimeout(10_000);
      };
      expect(await rejectionOf(inside(fn))).toEqual(new RangeError('stray, heard of 0 times'));
      process.off('unhandledRejection', listen);
      expect(heard).toEqual([]);
    });
  });
});

it('a promise that waits for a timer of the origin is unsettled', async () => {
  const origins = timers.setTimeout(200, 'of the origin');
  expect(await rejectionOf(forkMap(() => origins))).toMatchObject({ code: 'ERR_FORKMAP_UNSETTLED' });
  expect(await origins).toBe('of the origin');
});

it('a promise that waits for a worker thread of the origin is unsettled, even where the thread is to be waited for', async () => {
  const source =
    "const { parentPort } = require('node:worker_threads'); parentPort.on('message', () => parentPort.postMessage('answer'))";
  const worker = new Worker(source, { eval: true });
  await once(worker, 'online');
  worker.unref();
  const ask = async () => {
    worker.ref();
    const answer = once(worker, 'message');
    worker.postMessage('question');
    return await answer;
  };
  expect(await rejectionOf(forkMap(ask))).toMatchObject({ code: 'ERR_FORKMAP_UNSETTLED' });
  expect(await rejectionOf(parMap([0], ask))).toMatchObject({ code: 'ERR_FORKMAP_UNSETTLED' });
  expect(await ask()).toEqual(['answer']);
  await worker.terminate();
});

it('a timer of the origin that the child clears does not make it unsettled', async () => {
  const origins = [1, 2, 3].map(() => setTimeout(() => {}, 1_000_000));
  const fn = async () => {
    await timers.setTimeout(1);
    origins.forEach(clearTimeout);
    return await timers.setTimeout(60, 'settled');
  };
  expect(await forkMap(fn)).toBe('settled');
  origins.forEach(clearTimeout);
});

it('a timer of the origin that the child starts again fires in the child', async () => {
  let fired = () => {};
  const origins = setTimeout(() => fired(), 20);
  const fn = () =>
    new Promise((resolve) => {
      fired = () => resolve('fired');
      const alive = setInterval(() => {}, 5);
      alive.ref();
      setTimeout(() => origins.refresh(), 5);
    });
  expect(await forkMap(fn)).toBe('fired');
  clearTimeout(origins);
});

it('a stray error fails the items in flight, and no other', async () => {
  const fn = (item: number) => {
    if (item === 5) {
      setImmediate(() => {
        throw new Error(`stray of ${item}`);
      });
    }
    return item === 5 || item === 6 ? never() : item;
  };
  const items = Array.from({ length: 10 }, (_, i) => i);
  const settled = await parMap(items, fn, { settle: true, concurrency: 2, chunk: 10 });
  const failed = settled.flatMap((result, i) =>
    result.status === 'rejected' ? [[i, result.reason.message]] : [],
  );
  expect(failed).toEqual([
    [5, 'stray of 5'],
    [6, 'stray of 5'],
  ]);
});

describe('setup', () => {
  it('may be asynchronous, and is awaited before the first item', async () => {
    let ready = 0;
    const setup = async () => {
      await timers.setTimeout(5);
      ready += 1;
    };
    expect(await parMap([1, 2, 3, 4], () => ready, { setup, chunk: 2 })).toEqual([1, 1, 1, 1]);
    expect(ready).toBe(0);
  });

  it('fails the call by what it throws astray, or where it can never settle', async () => {
    const stray = () => {
      setTimeout(() => {
        throw new RangeError('stray');
      }, 1);
      return never();
    };
    expect(await rejectionOf(parMap([1], () => 1, { setup: stray }))).toEqual(new RangeError('stray'));
    expect(await rejectionOf(parMap([1], () => 1, { setup: never }))).toMatchObject({
      code: 'ERR_FORKMAP_UNSETTLED',
    });
  });
});
