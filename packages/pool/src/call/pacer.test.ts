import { describe, expect, test } from 'vitest';
import { Pacer } from './pacer.js';

/** Of a list whose chunks have a lane's share. */
const pacerOf = (items: number, lanes: number) =>
  new Pacer(items, { lanes, chunkItems: Math.ceil(items / lanes) });

const forked = { isBirth: true };
const kept = { isBirth: false };

describe('Pacer, of chunks that cannot be split', () => {
  test('begins with a probe that leaves enough for all lanes', () => {
    expect(pacerOf(1_000_000, 2).nextItems(1_000_000)).toBe(64);
    expect(pacerOf(100, 8).nextItems(100)).toBe(1);
    expect(pacerOf(3, 8).nextItems(3)).toBe(1);
  });

  test('gives each lane its whole share where forking is dear and items are quick', () => {
    const pacer = pacerOf(1_000_000, 2);
    pacer.saw({ items: 64, totalMs: 3.1, workMs: 0.1, ...forked });
    expect(pacer.nextItems(1_000_000)).toBe(250_000);
    // Warm, they are quicker still.
    pacer.saw({ items: 250_000, totalMs: 13, workMs: 10, ...forked });
    expect(pacer.nextItems(500_000)).toBe(250_000);
  });

  test('cuts ever smaller chunks where items are slow, down to what is worth a fork', () => {
    const pacer = pacerOf(1000, 2);
    pacer.saw({ items: 10, totalMs: 102, workMs: 100, ...forked });
    const sizes: number[] = [];
    for (let left = 1000; left > 0; left -= sizes.at(-1) as number) sizes.push(pacer.nextItems(left));
    expect(sizes[0]).toBe(250);
    expect(sizes.every((size, i) => i === 0 || size <= (sizes[i - 1] as number))).toBe(true);
    // 2 ms of forking is 5% of 40 ms: four items of 10 ms.
    expect(sizes.at(-2)).toBeGreaterThanOrEqual(1);
    expect(sizes.filter((size) => size === 4).length).toBeGreaterThan(0);
  });

  test('does not cut the last items into chunks that cost more to fork than to run', () => {
    const pacer = pacerOf(1_000_000, 2);
    pacer.saw({ items: 64, totalMs: 3, workMs: 0.0064, ...forked });
    const sizes: number[] = [];
    for (let left = 1_000_000; left > 0; left -= sizes.at(-1) as number) sizes.push(pacer.nextItems(left));
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(20_000);
    expect(sizes.length).toBeLessThan(8);
  });

  test('cuts no more than the chunk that is usual, unless more are next to no time', () => {
    const slow = new Pacer(100_000, { lanes: 2, chunkItems: 512 });
    slow.saw({ items: 64, totalMs: 65, workMs: 64, ...kept });
    expect(slow.nextItems(90_000)).toBe(512);
    const quick = new Pacer(100_000, { lanes: 2, chunkItems: 512 });
    quick.saw({ items: 64, totalMs: 1.064, workMs: 0.064, ...kept });
    expect(quick.nextItems(90_000)).toBe(19_000);
  });
});

describe('Pacer, of chunks that can be split', () => {
  const cut = { lanes: 2, chunkItems: 512 };

  test('leaves chunks as they are cut where they take their time', () => {
    const pacer = new Pacer(100_000, cut);
    expect(pacer.itemsOfSplittable(100_000, false)).toBe(512);
    pacer.saw({ items: 512, totalMs: 28, workMs: 23, ...forked });
    expect(pacer.itemsOfSplittable(90_000, false)).toBe(512);
    pacer.saw({ items: 512, totalMs: 23.3, workMs: 23, ...kept });
    expect(pacer.itemsOfSplittable(90_000, false)).toBe(512);
  });

  test('makes them larger where they take no longer than it takes to hand them over', () => {
    const pacer = new Pacer(1_000_000, cut);
    pacer.saw({ items: 512, totalMs: 5, workMs: 0.1, ...forked });
    pacer.saw({ items: 512, totalMs: 0.3, workMs: 0.1, ...kept });
    expect(pacer.itemsOfSplittable(1_000_000, false)).toBeGreaterThan(10_000);
    // No lane gets more than half of its share of the rest; the last chunks are those of a short list.
    expect(pacer.itemsOfSplittable(8000, false)).toBe(2000);
    expect(pacer.itemsOfSplittable(600, false)).toBe(512);
  });

  test('counts a fork for each where no child is kept', () => {
    const pacer = new Pacer(1_000_000, cut);
    pacer.saw({ items: 512, totalMs: 28, workMs: 23, ...forked });
    // 5 ms of forking is 5% of 100 ms, in which a child runs 2114.8 items.
    expect(pacer.itemsOfSplittable(90_000, true)).toBe(2114);
  });
});

describe('Pacer.complaint()', () => {
  const given = { chunks: 100, chunkItems: 10 };

  test('tells of a call that mostly forks, early, and says what would be better', () => {
    const pacer = new Pacer(1000, { lanes: 2, chunkItems: 10 });
    for (let i = 0; i < 10; i++) pacer.saw({ items: 10, totalMs: 11, workMs: 1, ...forked });
    expect(pacer.complaint(given)).toMatch(
      /forking takes 91% .* leave chunk out, chunk: 900, or isolation: 'auto'/,
    );
  });

  test('recommends by all chunks, not by the last', () => {
    const pacer = new Pacer(1000, { lanes: 2, chunkItems: 10 });
    for (let i = 0; i < 100; i++) pacer.saw({ items: 10, totalMs: 11, workMs: 1, ...forked });
    pacer.saw({ items: 1, totalMs: 60, workMs: 50, ...forked });
    expect(pacer.complaint(given)).toMatch(/chunk: 610,/);
  });

  test('does not complain of few chunks, of a call that is soon over, or of little forking', () => {
    const few = new Pacer(1000, { lanes: 2, chunkItems: 10 });
    for (let i = 0; i < 4; i++) few.saw({ items: 10, totalMs: 100, workMs: 1, ...forked });
    expect(few.complaint(given)).toBeUndefined();
    const short = new Pacer(100, { lanes: 2, chunkItems: 10 });
    for (let i = 0; i < 10; i++) short.saw({ items: 10, totalMs: 3, workMs: 1, ...forked });
    expect(short.complaint({ chunks: 10, chunkItems: 10 })).toBeUndefined();
    const busy = new Pacer(1000, { lanes: 2, chunkItems: 10 });
    for (let i = 0; i < 100; i++) busy.saw({ items: 10, totalMs: 50, workMs: 40, ...forked });
    expect(busy.complaint(given)).toBeUndefined();
  });
});
