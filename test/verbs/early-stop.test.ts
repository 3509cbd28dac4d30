import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { par, parEvery, parFind, parFindIndex, parSome, sharedArray } from '@forkmap/pool';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';
import { scaled } from '../helpers/time.js';

expectNoLeaks(() => warmPool(8));

const list = Array.from({ length: 100 }, (_, i) => i);
const options = { chunk: 5, lanes: 2 };
const forever = (): never => {
  for (;;);
};

/** Items that were begun, in any child. */
let fd: number;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(joinPath(tmpdir(), 'forkmap-begun-'));
  fd = openSync(joinPath(dir, 'begun'), 'a');
});
afterEach(() => {
  closeSync(fd);
  rmSync(dir, { recursive: true });
});
const begin = (x: number) => writeSync(fd, `${x}\n`);
const begun = () => readFileSync(joinPath(dir, 'begun'), 'utf8').split('\n').filter(Boolean).map(Number);

/** Passes for 12 alone; what comes after its chunk never ends. */
const isTwelve = (x: number): boolean => {
  begin(x);
  return x >= 15 ? forever() : x === 12;
};

type Search = (isIt: (x: number) => boolean) => Promise<unknown>;
const searches: [name: string, search: Search, expected: unknown][] = [
  ['parFind', (isIt) => parFind(list, isIt, options), 12],
  ['parFindIndex', (isIt) => parFindIndex(list, isIt, options), 12],
  ['parSome', (isIt) => parSome(list, isIt, options), true],
  ['parEvery', (isIt) => parEvery(list, (x) => !isIt(x), options), false],
  ['findAny', (isIt) => par(list, options).findAny(isIt), 12],
  [
    'map.find',
    (isIt) =>
      par(list, options)
        .map((x) => x)
        .find(isIt),
    12,
  ],
  [
    'filter.findIndex',
    (isIt) =>
      par(list, options)
        .filter((x) => x % 2 === 0)
        .findIndex(isIt),
    6,
  ],
  [
    'takeWhile.count',
    (isIt) =>
      par(list, options)
        .takeWhile((x) => !isIt(x))
        .count(),
    12,
  ],
  [
    'takeWhile.map.collect',
    (isIt) =>
      par(list, options)
        .takeWhile((x) => !isIt(x))
        .map((x) => x)
        .skip(11)
        .collect(),
    [11],
  ],
  [
    'takeWhile.fold.sum',
    (isIt) =>
      par(list, options)
        .takeWhile((x) => !isIt(x))
        .fold(
          () => 0,
          (a, b) => a + b,
        )
        .sum(),
    66,
  ],
  ['filter.take', (isIt) => par(list, options).filter(isIt).take(1).collect(), [12]],
];

describe.each(searches)('%s', (_, search, expected) => {
  it('ends the children that it does not need, and begins no further chunk', async () => {
    expect(await search(isTwelve)).toEqual(expected);
    // Two lanes: besides the chunk of 12, at most the one after it was begun.
    expect(begun().filter((x) => x >= 20)).toEqual([]);
    expect(begun().filter((x) => x === 13 || x === 14)).toEqual([]);
  });

  it('takes what fails after it for nothing', async () => {
    const isIt = (x: number): boolean => {
      if (x > 12) throw new Error('too far');
      return x === 12;
    };
    expect(await search(isIt)).toEqual(expected);
  });
});

describe.each(searches)('%s', (_, search, expected) => {
  it('waits for the items before one that has failed', async () => {
    const isIt = (x: number): boolean => {
      if (x >= 15) throw new Error('too far');
      if (x === 12) for (const end = performance.now() + 150; performance.now() < end; );
      return x === 12;
    };
    expect(await search(isIt)).toEqual(expected);
  });

  it('fails by the first failure, where nothing before it ends the search', async () => {
    const isIt = (x: number): boolean => {
      if (x === 16) for (const end = performance.now() + 100; performance.now() < end; );
      if (x >= 16) throw new Error(`failed at ${x}`);
      return false;
    };
    await expect(search(isIt)).rejects.toThrow('failed at 16');
  });
});

describe('find', () => {
  it('gives the first match in order, though a later one is seen before it', async () => {
    const isIt = (x: number) => {
      if (x === 3) for (const end = performance.now() + 150; performance.now() < end; );
      return x === 3 || x === 7;
    };
    expect(await parFind(list, isIt, options)).toBe(3);
    expect(await parFindIndex(list, isIt, options)).toBe(3);
  });

  it('does not wait for chunks after a match', async () => {
    expect(await parFind(list, (x) => (x >= 5 ? forever() : x === 4), options)).toBe(4);
  });

  it('goes on within the chunk where items are asynchronous', async () => {
    const isIt = async (x: number) => {
      await new Promise((done) => setTimeout(done, x === 1 ? 30 : 1));
      return x === 1 || x === 3;
    };
    expect(await par(list, options).find(isIt)).toBe(1);
  });
});

describe('findAny and some', () => {
  it('give what was seen first, though an earlier item never ends', async () => {
    const isIt = (x: number) => (x === 0 ? forever() : x === 8);
    expect(await par(list, options).findAny(isIt)).toBe(8);
    expect(await parSome(list, isIt, options)).toBe(true);
    expect(await parEvery(list, (x) => !isIt(x), options)).toBe(false);
  });
});

describe('for await', () => {
  it('ends all children at a break, and begins no chunk that is not needed', async () => {
    const seen: number[] = [];
    const work = (x: number) => {
      begin(x);
      return x >= 90 ? forever() : x;
    };
    for await (const x of par(list, options).map(work)) {
      seen.push(x);
      if (x === 6) break;
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(Math.max(...begun())).toBeLessThan(60);
  });

  it('is not further ahead of its consumer than two chunks per lane', async () => {
    let seen = 0;
    for await (const x of par(list, options).map((x) => begin(x) && x)) {
      if (++seen % 10 === 0) await new Promise((done) => setTimeout(done, 40));
      // Taken, waiting to be taken (4 chunks), at work (2).
      expect(Math.max(...begun())).toBeLessThan(x + 5 * 7);
    }
    expect(seen).toBe(100);
  });
});

it(
  'a failure of an item that is not needed does not count, though it comes while what makes it so is decoded',
  async () => {
    const needed = 1000;
    const isFirstDone = sharedArray(Int32Array, 1);
    const textOf = (i: number) => `text ${i}`.repeat(10_000);
    const expected = Array.from({ length: needed }, (_, i) => textOf(i));
    // WHY so often: at one of these moments it comes in between.
    for (let waitMs = 0; waitMs < 150; waitMs += 5) {
      isFirstDone[0] = 0;
      const texts = await par(Array(needed * 2).keys(), { chunk: needed, lanes: 2 })
        .map((i) => {
          if (i === needed - 1) Atomics.store(isFirstDone, 0, 1);
          if (i < needed) return textOf(i);
          while (Atomics.load(isFirstDone, 0) === 0);
          for (const end = performance.now() + waitMs; performance.now() < end; );
          throw new Error('of an item that is not needed');
        })
        .filter(() => true)
        .take(needed)
        .collect();
      expect(texts.length === needed && texts.every((text, i) => text === expected[i])).toBe(true);
    }
  },
  scaled(60_000),
);
