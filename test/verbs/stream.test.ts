import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ReadableStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ParStreamOptions, parMap, parStream } from '@forkmap/pool';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { rejectionOf, warmPool } from '../helpers/runs.js';

expectNoLeaks(() => warmPool(8));

const options = { window: 10, chunk: 3, lanes: 2 };

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

/** Numbers without end, and how far they were read; `isClosed` once they are left. */
function endless() {
  const state = { read: 0, isClosed: false };
  function* numbers() {
    try {
      for (;;) yield state.read++;
    } finally {
      state.isClosed = true;
    }
  }
  return { state, numbers: numbers() };
}

describe('parStream()', () => {
  it('does what map does, over any source', async () => {
    const holds = fc.asyncProperty(
      fc.array(fc.nat(), { maxLength: 40 }),
      fc.record({
        window: fc.integer({ min: 1, max: 15 }),
        chunk: fc.integer({ min: 1, max: 6 }),
        lanes: fc.integer({ min: 0, max: 3 }),
      }),
      async (list, given) => {
        const serial = list.map((x, i) => `${x}:${i}`);
        const results = await collect(parStream(list, (x, i) => `${x}:${i}`, given));
        expect(results).toEqual(serial);
        const unordered = await collect(
          parStream(Readable.from(list), async (x, i) => `${x}:${i}`, { ...given, ordered: false }),
        );
        expect(unordered.sort()).toEqual(serial.sort());
      },
    );
    await fc.assert(holds, { numRuns: 8 });
  });

  it('gives results in order, though later ones are there before', async () => {
    const slowAtFirst = async (x: number) => {
      await sleep(x < 3 ? 150 : 0);
      return x;
    };
    const list = Array.from({ length: 35 }, (_, i) => i);
    expect(await collect(parStream(list, slowAtFirst, options))).toEqual(list);
  });

  it('gives results as they come where order does not matter', async () => {
    const slowAtFirst = (x: number) => {
      for (const end = performance.now() + (x === 0 ? 250 : 0); performance.now() < end; );
      return x;
    };
    const list = Array.from({ length: 35 }, (_, i) => i);
    const results = await collect(parStream(list, slowAtFirst, { ...options, ordered: false }));
    expect(results.indexOf(0)).toBeGreaterThan(5);
    expect(results.sort((a, b) => a - b)).toEqual(list);
  });

  it('reads no more than two windows ahead, and closes a source that is left early', async () => {
    const { state, numbers } = endless();
    for await (const x of parStream(numbers, (x) => x, options)) {
      expect(state.read).toBeLessThanOrEqual((Math.floor(x / 10) + 3) * 10);
      if (x === 57) break;
      if (x % 20 === 0) await sleep(60);
    }
    expect(state.isClosed).toBe(true);
  });

  it('closes a source that it waits for', async () => {
    let isCancelled = false;
    const source = new ReadableStream<number>({
      start: (controller) => controller.enqueue(1),
      cancel: () => {
        isCancelled = true;
      },
    });
    for await (const x of parStream(source, (x) => x + 1, options)) {
      expect(x).toBe(2);
      break;
    }
    await sleep(20);
    expect(isCancelled || source.locked).toBe(true);
  });

  it('does not wait for a source that pauses', async () => {
    async function* slow() {
      for (let i = 0; ; i++) {
        yield i;
        if (i % 3 === 2) await sleep(400);
      }
    }
    const beganMs = performance.now();
    for await (const x of parStream(slow(), (x) => x, { lanes: 2 })) if (x === 2) break;
    expect(performance.now() - beganMs).toBeLessThan(5_000);
  });

  it('sees the world as it is when a window is forked', async () => {
    let era = 'first';
    const seen: string[] = [];
    for await (const at of parStream(endless().numbers, () => era, { ...options, lanes: 1 })) {
      seen.push(at);
      if (seen.length === 10) era = 'second';
      if (seen.length === 80) break;
    }
    expect(seen.slice(0, 10)).toEqual(Array(10).fill('first'));
    expect(seen.at(-1)).toBe('second');
  });

  it('begins nothing before the first result is asked for', async () => {
    const { state, numbers } = endless();
    const results = parStream(numbers, (x) => x, options);
    await sleep(10);
    expect(state.read).toBe(0);
    await results.return();
  });

  it('goes into streams, Node and Web', async () => {
    const lines = ['one', 'two', 'three'];
    const shout = (line: string) => `${line.toUpperCase()}\n`;
    expect(await text(Readable.from(parStream(lines, shout, options)))).toBe('ONE\nTWO\nTHREE\n');
    const web = ReadableStream.from(parStream(ReadableStream.from(lines), shout, options));
    expect(await collect(web as AsyncIterable<string>)).toEqual(['ONE\n', 'TWO\n', 'THREE\n']);
  });

  it('reads the lines of a file', async () => {
    const dir = mkdtempSync(joinPath(tmpdir(), 'forkmap-lines-'));
    const path = joinPath(dir, 'lines');
    writeFileSync(path, Array.from({ length: 5_000 }, (_, i) => `line ${i}`).join('\n'));
    const lines = createInterface({ input: createReadStream(path) });
    let sum = 0;
    for await (const n of parStream(lines, (line) => Number(line.slice(5)), { lanes: 2 })) sum += n;
    expect(sum).toBe((5_000 * 4_999) / 2);
    rmSync(dir, { recursive: true });
  });
});

describe('parStream() that fails', () => {
  const fails = async (fn: (x: number) => unknown, given: ParStreamOptions = options) => {
    const { state, numbers } = endless();
    const seen: unknown[] = [];
    const error = await rejectionOf(
      (async () => {
        for await (const one of parStream(numbers, fn, given)) seen.push(one);
      })(),
    );
    expect(state.isClosed).toBe(true);
    return { error, seen };
  };

  it('rejects with what its function throws, after results before it', async () => {
    const { error, seen } = await fails((x) => {
      if (x === 25) throw new RangeError('25');
      return x;
    });
    expect(error).toMatchObject({ name: 'RangeError', message: '25' });
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => i));
    expect(seen.length).toBeLessThanOrEqual(25);
  });

  it('names the item of the stream at which a child died', async () => {
    const { error } = await fails((x) => (x === 25 ? process.exit(5) : x));
    expect(error).toMatchObject({ code: 'ERR_FORKMAP_EXITED', index: 25, chunk: { start: 23, end: 26 } });
  });

  it('ends at abort and timeout, with the reason given, also while the source is waited for', async () => {
    const reason = new Error('stop');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 80);
    const hang = (x: number) => {
      while (x === 12);
    };
    expect((await fails(hang, { ...options, signal: controller.signal })).error).toBe(reason);
    expect((await fails(hang, { ...options, timeout: 80 })).error).toMatchObject({
      code: 'ERR_FORKMAP_TIMEOUT',
    });
    const never = new ReadableStream<number>({});
    const stopped = collect(parStream(never, (x) => x, { timeout: 50 }));
    expect(await rejectionOf(stopped)).toMatchObject({ code: 'ERR_FORKMAP_TIMEOUT' });
  });

  it('gives the results of all that a source gave before it failed', async () => {
    function* source() {
      for (let i = 0; i < 17; i++) yield i;
      throw new SyntaxError('source');
    }
    const seen: number[] = [];
    const error = await rejectionOf(
      (async () => {
        for await (const x of parStream(source(), (x) => x, options)) seen.push(x);
      })(),
    );
    expect(error).toMatchObject({ name: 'SyntaxError' });
    expect(seen).toEqual(Array.from({ length: 17 }, (_, i) => i));
  });

  it('settles item by item where that is asked for', async () => {
    const odd = (x: number) => {
      if (x % 2 === 0) throw new Error(`even ${x}`);
      if (x === 3) process.exit(1);
      return x;
    };
    const outcomes = await collect(parStream([0, 1, 2, 3, 4, 5], odd, { ...options, settle: true }));
    expect(
      outcomes.map((o) => (o.status === 'fulfilled' ? o.value : (o.reason as Error).message.slice(0, 6))),
    ).toEqual(['even 0', 1, 'even 2', 'item 3', 'even 4', 5]);
  });
});

it('parStream() gives the same random numbers as parMap() with the same seed', async () => {
  const list = Array.from({ length: 12 }, (_, i) => i);
  const draw = () => Math.random();
  const mapped = await parMap(list, draw, { seed: 'x', lanes: 2 });
  expect(await collect(parStream(list, draw, { ...options, window: 5, seed: 'x' }))).toEqual(mapped);
});

it('parStream() tells of its progress, of what was read so far', async () => {
  const told: number[] = [];
  const list = Array.from({ length: 25 }, (_, i) => i);
  await collect(
    parStream(list, (x) => x, { ...options, onProgress: ({ done, total }) => told.push(done, total) }),
  );
  expect(told.slice(-2)).toEqual([25, 25]);
});
