import { expect, test } from 'vitest';
import { Segments } from './segments.js';

function collecting(isOrdered: boolean) {
  const read: unknown[] = [];
  const reader = { isOrdered, read: (values: readonly unknown[]) => read.push(...values) < 0 };
  return { read, segments: new Segments(4, reader, isOrdered) };
}

const over = { first: 0, end: 2, values: ['a'], isOver: true };
const later = { first: 2, end: 4, values: ['b'], isOver: false };

test.each([
  ['in order', true],
  ['as they come', false],
])('segments read %s: one that comes after the end of all is not read', (_, isOrdered) => {
  const { read, segments } = collecting(isOrdered);
  segments.addSegment(over);
  segments.addSegment(later);
  expect(read).toEqual(['a']);
  expect(segments.neededEnd).toBe(2);
});

test('one that came before the end was known waits in vain, where they are read in order', () => {
  const { read, segments } = collecting(true);
  segments.addSegment(later);
  segments.addSegment(over);
  expect(read).toEqual(['a']);
});
