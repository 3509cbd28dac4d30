import { forkMap, forkMapSync } from '@forkmap/core';
import { parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNothingForked, reapedFaults } from './forks.js';

describe('expectNothingForked()', () => {
  it('gives what was done back', async () => {
    expect(await expectNothingForked(() => 42)).toBe(42);
    await expect(expectNothingForked(() => Promise.reject(new Error('as it was')))).rejects.toThrow(
      'as it was',
    );
  });

  it.each<[string, () => unknown]>([
    ['forkMapSync', () => forkMapSync(() => 0)],
    ['forkMap', () => forkMap(() => 0)],
    ['a forkMap that nobody waits for', () => void forkMap(() => 0)],
    ['parMap', () => parMap([0], () => 0)],
  ])('fails after %s', async (_name, act) => {
    await expect(expectNothingForked(act)).rejects.toThrow(/children/);
  });
});

it('reapedFaults() grows with every single child', () => {
  for (let i = 0; i < 10; i++) {
    const before = reapedFaults();
    forkMapSync(() => 0);
    expect(reapedFaults()).toBeGreaterThan(before);
  }
});
