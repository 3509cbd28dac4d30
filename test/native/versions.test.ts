/** One addon for all versions of Node: it finds what differs between them, and tries a Node that it does not know. */
import { loadNative } from '@forkmap/native';
import { forkMapSync } from '@forkmap/pool';
import { expect, it, vi } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { scaled } from '../helpers/time.js';

vi.hoisted(() => {
  process.env.FORKMAP_ADDON = 'faults';
});
expectNoLeaks();

const native = loadNative() as ReturnType<typeof loadNative> & {
  tryAsNode(major: number): string | undefined;
};
const major = Number(process.versions.node.split('.')[0]);
/** One whose methods are elsewhere than this one's. */
const other = major < 22 ? 26 : 20;

it('this Node is fit', () => {
  expect(native.whyUnfit()).toBeUndefined();
});

it('where its methods have no names, a child proves that they are where its version has them', () => {
  expect(native.tryAsNode(major)).toBeUndefined();
});

it(
  'a child finds out that they are elsewhere, and the origin lives on',
  () => {
    expect(native.tryAsNode(other)).toMatch(
      /^is not known to this version of forkmap, and the child that was to try it (died of|ended with|did not end)/,
    );
    expect(forkMapSync(() => 42)).toBe(42);
  },
  scaled(30_000),
);

it('a version that nobody has told of is not tried', () => {
  expect(native.tryAsNode(99)).toMatch(/^has a platform for V8 that .* does not know$/);
  expect(forkMapSync(() => 42)).toBe(42);
});
