/** A call without options, and the same with the options that suit it best, in turn in one process. */
import { type ParMapOptions, parMap } from '@forkmap/pool';
import { spin } from '../spin.js';
import { checkSample } from '../workloads/workload.js';

export interface DefaultsRequest {
  measure: 'defaults';
  items: number;
  itemUs: number;
  roundsPerUs: number;
  /** By their labels. */
  ways: Record<string, ParMapOptions>;
  runs: number;
}

/** Times in ms by the labels of the ways. */
export type DefaultsAnswer = Record<string, number[]>;

export async function measure({
  items,
  itemUs,
  roundsPerUs,
  ways,
  runs,
}: DefaultsRequest): Promise<DefaultsAnswer> {
  const list = Array.from({ length: items }, (_, i) => i);
  const rounds = itemUs * roundsPerUs;
  const work = (seed: number) => spin(seed, rounds);
  await parMap([1, 2], (x) => x); // starts what every first call starts
  const answer: DefaultsAnswer = Object.fromEntries(Object.keys(ways).map((label) => [label, []]));
  for (let run = 0; run < runs; run++) {
    for (const [label, options] of Object.entries(ways)) {
      const startedMs = performance.now();
      const results = await parMap(list, work, options);
      answer[label]?.push(performance.now() - startedMs);
      checkSample(results, items, work, 4);
    }
  }
  return answer;
}
