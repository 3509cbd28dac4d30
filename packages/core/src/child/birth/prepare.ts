import { warmUp } from '../../codec/index.js';
import { findRandomCaches } from '../own/random.js';
import type { ChildWork } from '../work.js';
import { rehearse } from './main.js';
import { rehearsalWork } from './rehearsal.js';

const REHEARSED_FOR_MS = 100;
const MANY_CHILDREN = 8;
const REHEARSED_ITEMS = 4000;
const SHORT_REHEARSALS = 8;

/** How much was done for children so far: nothing, what even a single one needs, or all that pays for itself with many. */
let readiness: 'none' | 'known' | 'hot' = 'none';
let rehearsedMs = Number.NEGATIVE_INFINITY;

/**
 * In the origin, before each fork: runs what a child will run, with nothing at the other end.
 * WHY: a child is as warm as the origin was. Functions that were never called are compiled again in every child, and
 * V8 drops the code of those not called for a while. Not before every fork, where one follows the other: V8 does not
 * forget so soon, and the pages that a rehearsal writes were shared with the child before, and have to be copied. And not
 * for the one child of a first call, which waits for it: it takes 10 ms, and saves the child 5.
 * @param invokes what children may be given to call for an item. WHY several: code that has seen one function alone is
 *   made for that one, and made again in every child, which calls another.
 * @param children how many are expected to be forked
 */
export function prepareForChildren(invokes: readonly ChildWork['invoke'][], children = 1): void {
  const now = performance.now();
  if (children < MANY_CHILDREN && now - rehearsedMs < REHEARSED_FOR_MS) return;
  findRandomCaches();
  const isFirst = readiness === 'none';
  if (isFirst) readiness = 'known';
  if (isFirst && children === 1) return;
  rehearsedMs = now;
  warmUp();
  // WHY so many once: many children share what V8 makes of code that ran often; a single one is not worth the wait.
  const isWorthIt = children >= MANY_CHILDREN && readiness !== 'hot';
  if (isWorthIt) {
    readiness = 'hot';
    rehearseAll(invokes, REHEARSED_ITEMS);
  }
  // WHY again: what runs once in a child has run only so often by now, and V8 begins to compile what it has found to run
  // often when that runs the next time.
  for (let i = 0; i < (isWorthIt ? SHORT_REHEARSALS : 1); i++) rehearseAll(invokes.slice(0, 1), 2);
}

function rehearseAll(invokes: readonly ChildWork['invoke'][], items: number): void {
  for (const invoke of invokes) {
    for (const mustBeSync of [true, false]) rehearse(rehearsalWork(mustBeSync, invoke, items), items);
  }
}
