import type { Compare } from './order.js';

/** What can be filled by index. */
interface Fillable<T> {
  readonly length: number;
  [index: number]: T;
}

interface Merging<T, R, L extends Fillable<T>> {
  /** What a value is compared by. */
  rankOf: (value: T) => R;
  compare: Compare<R>;
  /** Gives a list of that length, to be filled. */
  make: (length: number) => L;
}

/**
 * Merges sorted runs into one. Stable: of values that are level, those of the earlier run come first. Neighbouring
 * runs are merged in pairs, so each value is compared once for every doubling of the number of runs.
 */
export function mergeRuns<T, R, L extends Fillable<T>>(runs: L[], merging: Merging<T, R, L>): L {
  let left = runs.filter((run) => run.length > 0);
  while (left.length > 1) {
    const merged: L[] = [];
    for (let at = 0; at < left.length; at += 2) {
      const [first, second] = [left[at] as L, left[at + 1]];
      merged.push(second ? mergeTwo(first, second, merging) : first);
    }
    left = merged;
  }
  return left[0] ?? merging.make(0);
}

function mergeTwo<T, R, L extends Fillable<T>>(
  first: L,
  second: L,
  { rankOf, compare, make }: Merging<T, R, L>,
): L {
  const into = make(first.length + second.length);
  let [i, j, at] = [0, 0, 0];
  // WHY asked first: runs of what was in order already need no other comparison.
  const isInOrder = compare(rankOf(first[first.length - 1] as T), rankOf(second[0] as T)) <= 0;
  // WHY kept: one of the two is compared again in the next round, and is far away in memory.
  let left = rankOf(first[0] as T);
  let right = rankOf(second[0] as T);
  while (!isInOrder && i < first.length && j < second.length) {
    // WHY `> 0`: NaN counts as level, and then the first goes first.
    if (compare(left, right) > 0) {
      into[at++] = second[j++] as T;
      if (j < second.length) right = rankOf(second[j] as T);
    } else {
      into[at++] = first[i++] as T;
      if (i < first.length) left = rankOf(first[i] as T);
    }
  }
  while (i < first.length) into[at++] = first[i++] as T;
  while (j < second.length) into[at++] = second[j++] as T;
  return into;
}

/** For `mergeRuns` of arrays. */
export function newList<T>(length: number): T[] {
  return new Array<T>(length);
}
