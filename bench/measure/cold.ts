/** From the start of a process to its first result: says a word as soon as it has one. The runner holds the watch. */
import { writeSync } from 'node:fs';
import { loadContender } from '../contenders/index.js';
import { workloads } from '../workloads/index.js';

export interface ColdRequest {
  measure: 'cold';
  /** Absent: a process that does nothing. */
  module?: string;
  variant: string;
}

export async function measure({ module, variant }: ColdRequest): Promise<boolean> {
  if (module === undefined) return true;
  const contender = await loadContender(module);
  const session = await contender.open({ workload: 'cold', context: undefined, lanes: 1, variant });
  const results = await session.run([1]);
  writeSync(3, ' '); // WHY a space: the first word, and still JSON with what follows.
  workloads.cold.check(results, [1], undefined);
  await session.close();
  return true;
}
