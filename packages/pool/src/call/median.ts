const LATEST = 64;

/** The median of the latest values; undefined of none. */
export function medianOf(values: readonly number[]): number | undefined {
  // WHY not all: the cost of a look must not grow with the call, and what was long ago counts for little.
  const sorted = values.slice(-LATEST).sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
