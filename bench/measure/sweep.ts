/** One cell of the chunk sweep: `parMap` over items of a known length, from a heap of a known size. */
import { channel } from 'node:diagnostics_channel';
import { type ParMapOptions, parMap } from '@forkmap/pool';
import { growHeap } from '../ballast.js';
import { spin } from '../spin.js';
import { checkSample } from '../workloads/workload.js';

export interface SweepRequest {
  measure: 'sweep';
  heapMb: number;
  itemUs: number;
  roundsPerUs: number;
  items: number;
  /** Items per chunk; `serial` is a plain loop. */
  chunk: number | 'auto' | 'serial';
  isolation: 'chunk' | 'lane';
  lanes: number;
  /** No further run is begun after this. */
  budgetMs: number;
}

export interface SweepAnswer {
  ms: number[];
  /** A call of one item: what a call costs before its second chunk. */
  baseMs: number;
  /** Per run; unknown where the library chose and does not trace. */
  forks: number | null;
  rssMb: number;
}

const MAX_RUNS = 3;

export async function measure(request: SweepRequest): Promise<SweepAnswer> {
  const { heapMb, itemUs, roundsPerUs, items, budgetMs } = request;
  const rssMb = growHeap(heapMb);
  const rounds = itemUs * roundsPerUs;
  const list = Array.from({ length: items }, (_, i) => i);
  const work = (seed: number) => spin(seed, rounds);
  const map = mapper(request);
  await map([1, 2], (x) => x); // starts the driver threads
  const [, baseMs] = await timed(() => map([1], (x) => x));
  const pids = watchPids();
  const ms: number[] = [];
  for (let spentMs = 0; ms.length < MAX_RUNS && (ms.length === 0 || spentMs < budgetMs); ) {
    const [results, runMs] = await timed(() => map(list, work));
    checkSample(results, items, (i) => work(i));
    ms.push(runMs);
    spentMs += runMs;
  }
  return { ms, baseMs, forks: pids.size / ms.length || planned(request), rssMb };
}

type Map = (items: readonly number[], fn: (item: number) => number) => Promise<number[]>;

function mapper({ chunk, isolation, lanes }: SweepRequest): Map {
  if (chunk === 'serial') return async (items, fn) => items.map((item) => fn(item));
  const options: ParMapOptions = { chunk, isolation, lanes };
  return (items, fn) => parMap(items, fn, options);
}

async function timed<T>(act: () => Promise<T>): Promise<[value: T, ms: number]> {
  const startedMs = performance.now();
  const value = await act();
  return [value, performance.now() - startedMs];
}

/** The children that were forked, as the library traces them; empty where it does not. */
function watchPids(): Set<number> {
  const pids = new Set<number>();
  channel('tracing:forkmap:chunk:asyncEnd').subscribe((message) => {
    const { pid } = message as { pid?: number };
    if (pid !== undefined) pids.add(pid);
  });
  return pids;
}

function planned({ chunk, items, isolation, lanes }: SweepRequest): number | null {
  if (chunk === 'serial') return 0;
  if (chunk === 'auto') return null;
  const chunks = Math.ceil(items / chunk);
  return isolation === 'lane' ? Math.min(lanes, chunks) : chunks;
}
