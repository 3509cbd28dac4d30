/** Medians with spread: what every figure here is made of. */

/** Of n ≥ 1 readings. The spread is from the first to the third quartile. */
export interface Summary {
  median: number;
  low: number;
  high: number;
  n: number;
}

/** Gives the summary of readings; throws a RangeError when there are none. */
export function summarize(readings: readonly number[]): Summary {
  const sorted = [...readings].sort((a, b) => a - b);
  const [median, low, high] = [quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75)];
  return { median: round(median), low: round(low), high: round(high), n: sorted.length };
}

/** Gives the value below which the share `q` of the readings lies, interpolated; `sorted` is ascending. */
export function quantile(sorted: readonly number[], q: number): number {
  if (sorted.length === 0) throw new RangeError('a quantile needs at least one reading');
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)] as number;
  const above = sorted[Math.ceil(at)] as number;
  return below + (above - below) * (at - Math.floor(at));
}

/** Five significant digits: more would be noise, and noise in a file that is checked in. */
export function round(value: number): number {
  return Number(value.toPrecision(5));
}
