/** An index of a wanted size, and look-ups in it that go on for a while, while the runner watches the memory. */
import { loadContender } from '../contenders/index.js';
import { followKeys, type Index, keysOf, makeIndex } from '../workloads/big-index.js';
import { checkSample } from '../workloads/workload.js';

export interface MemoryRequest {
  measure: 'memory';
  module: string;
  variant: string;
  lanes: number;
  indexMb: number;
  lookups: number;
}

export interface MemoryAnswer {
  ms: number;
  entries: number;
  /** Resident after the index was made and before anything else, in MiB. */
  rssMb: number;
  /** The peak of this one process. */
  peakRssMb: number;
}

const BYTES_PER_ENTRY = 232;

export async function measure(request: MemoryRequest): Promise<MemoryAnswer> {
  const { module, variant, lanes, indexMb, lookups } = request;
  const entries = Math.round((indexMb * 2 ** 20) / BYTES_PER_ENTRY);
  const context: Index = makeIndex(entries);
  const keys = keysOf(lookups, entries);
  const rssMb = toMb(process.memoryUsage.rss());
  const contender = await loadContender(module);
  const startedMs = performance.now();
  const session = await contender.open({ workload: 'index', context, lanes, variant });
  const results = (await session.run(keys)) as number[];
  const ms = performance.now() - startedMs;
  checkSample(results, keys.length, (i) => followKeys(keys[i] as string, context), 1000);
  await session.close();
  return { ms, entries, rssMb, peakRssMb: toMb(process.resourceUsage().maxRSS * 1024) };
}

function toMb(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
