import type { Compare } from './order.js';

/** A part of each run, [start, end) by run: all of one slice come before all of the next. */
export type Slice = readonly (readonly [start: number, end: number])[];

interface Slicing<T, R> {
  rankOf: (value: T) => R;
  compare: Compare<R>;
  /** How many slices there are to be. */
  count: number;
}

interface Run<T> {
  readonly length: number;
  readonly [index: number]: T;
}

/** A value of a run, as a place to cut at. */
interface Cut<R> {
  rank: R;
  run: number;
  at: number;
}

/** WHY so many: slices are then as long as each other to within some percent, for a few thousand comparisons. */
const SAMPLES_PER_SLICE = 32;

/**
 * Cuts sorted runs into slices of about the same length that can be merged apart from each other, and stably: values that
 * are level with a cut are before it in earlier runs, and after it in later ones.
 */
export function sliceRuns<T, R>(runs: readonly Run<T>[], { rankOf, compare, count }: Slicing<T, R>): Slice[] {
  const stride = Math.max(
    1,
    Math.floor(runs.reduce((sum, run) => sum + run.length, 0) / (count * SAMPLES_PER_SLICE)),
  );
  const samples = runs.flatMap((run, number) =>
    Array.from({ length: Math.ceil(run.length / stride) }, (_, i): Cut<R> => {
      return { rank: rankOf(run[i * stride] as T), run: number, at: i * stride };
    }),
  );
  samples.sort((a, b) => compare(a.rank, b.rank) || a.run - b.run || a.at - b.at);
  const cuts = Array.from(
    { length: count - 1 },
    (_, i) => samples[Math.floor(((i + 1) * samples.length) / count)],
  );
  const ends = cuts.map((cut) => runs.map((run, number) => (cut ? cutAt(run, number, cut) : 0)));
  ends.push(runs.map((run) => run.length));
  return ends.map((end, slice) => end.map((to, run) => [ends[slice - 1]?.[run] ?? 0, to] as const));

  /** How many values of a run come before the cut. */
  function cutAt(run: Run<T>, number: number, cut: Cut<R>): number {
    if (number === cut.run) return cut.at;
    let [low, high] = [0, run.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compare(rankOf(run[middle] as T), cut.rank);
      const isBefore = number < cut.run ? order <= 0 : order < 0;
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
