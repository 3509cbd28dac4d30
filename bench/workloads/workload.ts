/** What every contender is given to do: the same items, the same function, the same check. */

export interface Scale {
  /** 1 is the size in the tables; quick runs take less. */
  share: number;
  /** Rounds of `spin` that take 1 µs here. */
  roundsPerUs: number;
  /** Of the generator, for a float. */
  floatRounds: number;
  /** Memory for `n` doubles; shared with the workers where the contender can share. */
  doubles: ((n: number) => Float64Array) | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: a table of workloads has no one type of item
export interface Workload<Item = any, Result = any, Context = any> {
  title: string;
  /** One line for the report: what is worked on. */
  note: string;
  /** How many items a pool's worker is sent at a time; a size that suits pools. */
  batchItems: number;
  /** What every item reads. The caller has it already; a pool has to send it to each worker when it starts. */
  makeContext(scale: Scale): Context;
  makeItems(scale: Scale): readonly Item[];
  apply(item: Item, context: Context, index: number): Result;
  /** Throws where the results are wrong. Compares all, or a sample spread over all where that would take long. */
  check(results: readonly Result[], items: readonly Item[], context: Context): void;
  /** The peak memory of the whole tree is part of the result. */
  isAboutMemory?: boolean;
}

export function scaled(count: number, { share }: Scale): number {
  return Math.max(16, Math.round(count * share));
}

export function expectSame(what: string, index: number, actual: unknown, expected: unknown): void {
  if (!Object.is(actual, expected))
    throw new Error(`${what} [${index}]: expected ${expected}, received ${actual}`);
}

/** Compares about `samples` results with what `expected` gives for their index. */
export function checkSample<R>(
  results: readonly R[],
  count: number,
  expected: (index: number) => R,
  samples = 100,
): void {
  expectSame('number of results', 0, results.length, count);
  const step = Math.max(1, Math.floor(count / samples));
  for (let i = 0; i < count; i += step) expectSame('result', i, results[i], expected(i));
}
