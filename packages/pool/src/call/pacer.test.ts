import { describe, expect, test } from 'vitest';
import { Pacer } from './pacer.js';

describe('Pacer', () => {
  test('begins with a probe that leaves enough for all lanes', () => {
    expect(new Pacer(1_000_000, 2).nextItems(1_000_000)).toBe(64);
    expect(new Pacer(100, 8).nextItems(100)).toBe(1);
    expect(new Pacer(3, 8).nextItems(3)).toBe(1);
  });

  test('gives each lane its whole share where forking is dear and items are quick', () => {
    const pacer = new Pacer(1_000_000, 2);
    pacer.saw({ items: 64, totalMs: 3.1, workMs: 0.1 });
    expect(pacer.nextItems(1_000_000)).toBe(250_000);
    // Warm, they are quicker still.
    pacer.saw({ items: 250_000, totalMs: 13, workMs: 10 });
    expect(pacer.nextItems(500_000)).toBe(250_000);
  });

  test('cuts ever smaller chunks where items are slow, down to what is worth a fork', () => {
    const pacer = new Pacer(1000, 2);
    pacer.saw({ items: 10, totalMs: 102, workMs: 100 });
    const sizes: number[] = [];
    for (let left = 1000; left > 0; left -= sizes.at(-1) as number) sizes.push(pacer.nextItems(left));
    expect(sizes[0]).toBe(250);
    expect(sizes.every((size, i) => i === 0 || size <= (sizes[i - 1] as number))).toBe(true);
    // 2 ms of forking is 5% of 40 ms: four items of 10 ms.
    expect(sizes.at(-2)).toBeGreaterThanOrEqual(1);
    expect(sizes.filter((size) => size === 4).length).toBeGreaterThan(0);
  });

  test('does not cut the last items into chunks that cost more to fork than to run', () => {
    const pacer = new Pacer(1_000_000, 2);
    pacer.saw({ items: 64, totalMs: 3, workMs: 0.0064 });
    const sizes: number[] = [];
    for (let left = 1_000_000; left > 0; left -= sizes.at(-1) as number) sizes.push(pacer.nextItems(left));
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(20_000);
    expect(sizes.length).toBeLessThan(8);
  });

  test('complains of a call that mostly forked, and says what would have been better', () => {
    const pacer = new Pacer(1000, 2);
    for (let i = 0; i < 100; i++) pacer.saw({ items: 10, totalMs: 11, workMs: 1 });
    expect(pacer.complaint(10)).toMatch(
      /forking took 91% .* chunk: 900, chunk: 'auto', or isolation: 'lane'/,
    );
  });

  test('recommends by all chunks, not by the last', () => {
    const pacer = new Pacer(1000, 2);
    for (let i = 0; i < 100; i++) pacer.saw({ items: 10, totalMs: 11, workMs: 1 });
    pacer.saw({ items: 1, totalMs: 60, workMs: 50 });
    expect(pacer.complaint(10)).toMatch(/chunk: 610,/);
  });

  test('does not complain of few chunks, or of little forking', () => {
    const few = new Pacer(1000, 2);
    for (let i = 0; i < 4; i++) few.saw({ items: 10, totalMs: 100, workMs: 1 });
    expect(few.complaint(10)).toBeUndefined();
    const busy = new Pacer(1000, 2);
    for (let i = 0; i < 100; i++) busy.saw({ items: 10, totalMs: 50, workMs: 40 });
    expect(busy.complaint(10)).toBeUndefined();
  });
});
