/** Memory changes hands while the origin forks: nobody else's is ever hidden from later children. */
import { loadNative } from '@forkmap/native';
import { expect, it, vi } from 'vitest';

vi.hoisted(() => {
  process.env.FORKMAP_ADDON = 'faults';
});

const { changedBeforeHiding, changedWhileFinding, goneButListed } = loadNative() as unknown as {
  changedBeforeHiding(): string[];
  changedWhileFinding(): string[];
  goneButListed(): string[];
};

it('what another thread has mapped in place of a hidden range is not hidden', () => {
  expect(changedBeforeHiding()).toEqual([]);
});

it('what another thread unmaps and maps again is not taken for hidden', () => {
  expect(changedWhileFinding()).toEqual([]);
});

it('every mapping in a list is there', () => {
  expect(goneButListed()).toEqual([]);
});
