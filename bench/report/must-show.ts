/** What the library promises of its speed, held against a result. Ratios within one run only. */
import type { Rung } from '../measure/ladder.js';
import type { BenchResult, SweepCell } from '../result.js';
import type { WorkloadName } from '../workloads/index.js';
import { ahead, best, type Judged, type Promised, rowsOf, time, worst } from './judging.js';
import { withoutOptions } from './must-show-defaults.js';

export interface Claim {
  what: string;
  wanted: string;
  /** `not measured` where the result lacks what it takes. */
  got: string;
  holds: boolean | undefined;
}

const MAX_FLOOR_RATIO = 1.3;
const MIN_CPU_SPEEDUP = 1.9;
const MIN_INDEX_RATIO = 5;
const MIN_OBJECTS_RATIO = 2;
const MIN_NUMBERS_RATIO = 2;
const MAX_CHUNKED_RATIO = 2.2;
const MIN_FLOATS_SPEEDUP = 1.7;
const MAX_MEMORY_RATIO = 1.5;
const MAX_AUTO_RATIO = 1.1;

const claims: readonly Promised[] = [
  {
    what: 'a child that does nothing, of many, against the C floor of equal memory (the worst heap)',
    wanted: `at most ${MAX_FLOOR_RATIO} times`,
    judge: (result) => judgeFloor(result, 'many-chunks'),
  },
  {
    what: 'the same, of few',
    wanted: `at most ${MAX_FLOOR_RATIO} times`,
    judge: (result) => judgeFloor(result, 'next-chunk'),
  },
  {
    what: 'CPU, against the serial loop',
    wanted: `${MIN_CPU_SPEEDUP} times on two CPUs`,
    judge: (result) => speedup(result, 'cpu', MIN_CPU_SPEEDUP),
  },
  {
    what: 'CPU, against the best Node contender, warm',
    wanted: 'not behind',
    judge: (result) => ahead(result, 'cpu', 'warm', 1),
  },
  {
    what: 'big shared index, against the best Node contender with its set-up',
    wanted: `${MIN_INDEX_RATIO} times`,
    judge: (result) => ahead(result, 'index', 'cold', MIN_INDEX_RATIO),
  },
  {
    what: 'small objects in and out, against the best Node contender, warm',
    wanted: `${MIN_OBJECTS_RATIO} times`,
    judge: (result) => ahead(result, 'objects', 'warm', MIN_OBJECTS_RATIO),
  },
  {
    what: "numbers with chunk: 'auto', against the best Node contender, warm",
    wanted: `${MIN_NUMBERS_RATIO} times`,
    judge: (result) => ahead(result, 'numbers', 'warm', MIN_NUMBERS_RATIO, "parMap, chunk: 'auto'"),
  },
  {
    what: 'numbers, a fresh child for each 512, against the serial CPU loop',
    wanted: `under ${MAX_CHUNKED_RATIO} times as long`,
    judge: judgeChunked,
  },
  {
    what: 'floats into a sharedArray by blocks, against the serial loop',
    wanted: `${MIN_FLOATS_SPEEDUP} times`,
    judge: (result) => speedup(result, 'floats', MIN_FLOATS_SPEEDUP, 'parMap into a sharedArray'),
  },
  {
    what: 'floats into a sharedArray one by one, against the serial loop',
    wanted: `${MIN_FLOATS_SPEEDUP} times`,
    judge: (result) => speedup(result, 'each-float', MIN_FLOATS_SPEEDUP),
  },
  { what: 'cold start to the first result, against piscina', wanted: 'not behind', judge: judgeColdStart },
  {
    what: 'peak memory of 8 lanes over the big index, against the serial loop',
    wanted: `at most ${MAX_MEMORY_RATIO} times`,
    judge: judgeMemory,
  },
  {
    what: "chunk: 'auto', against the best fixed chunk (the worst cell of the sweep)",
    wanted: `at most ${MAX_AUTO_RATIO} times as long`,
    judge: judgeAuto,
  },
];

export function judgeClaims(result: BenchResult): Claim[] {
  return [...claims, ...withoutOptions].map(({ what, wanted, judge }) => {
    const judged = judge(result);
    if (!judged) return { what, wanted, got: 'not measured', holds: undefined };
    return { what, wanted, got: `${judged.value.toFixed(2)} times (${judged.detail})`, holds: judged.holds };
  });
}

function judgeFloor({ ladder = [] }: BenchResult, child: Rung): Judged | undefined {
  const ratios = ladder
    .filter(({ rung }) => rung === child)
    .flatMap(({ heapMb, ms }) => {
      const floor = ladder.find((row) => row.rung === 'floor' && row.heapMb === heapMb);
      if (!floor) return [];
      const detail = `${time(ms)} against ${time(floor.ms)}, heap ${heapMb} MB`;
      return [{ value: ms.median / floor.ms.median, detail }];
    });
  return worst(ratios, MAX_FLOOR_RATIO);
}

function speedup(
  result: BenchResult,
  workload: WorkloadName,
  least: number,
  label?: string,
): Judged | undefined {
  const serial = rowsOf(result, workload, 'serial')[0];
  const own = rowsOf(result, workload, 'forkmap').filter((row) => label === undefined || row.label === label);
  const ours = best(own, 'warm');
  if (!serial?.warm || !ours?.warm) return undefined;
  const value = serial.warm.median / ours.warm.median;
  return {
    value,
    holds: value >= least,
    detail: `${time(serial.warm)} against ${time(ours.warm)}, ${ours.label}`,
  };
}

function judgeChunked(result: BenchResult): Judged | undefined {
  const serial = rowsOf(result, 'cpu', 'serial')[0]?.warm;
  const ours = rowsOf(result, 'numbers', 'forkmap').find(({ label }) => label === 'parMap, chunk: 512')?.warm;
  if (!serial || !ours) return undefined;
  const value = ours.median / serial.median;
  return { value, holds: value < MAX_CHUNKED_RATIO, detail: `${time(ours)} against ${time(serial)}` };
}

function judgeColdStart(result: BenchResult): Judged | undefined {
  const ours = rowsOf(result, 'cold', 'forkmap')[0]?.cold;
  const theirs = rowsOf(result, 'cold', 'node').find(({ label }) => label === 'piscina')?.cold;
  if (!ours || !theirs) return undefined;
  const value = ours.median / theirs.median;
  return { value, holds: value <= 1, detail: `${time(ours)} against ${time(theirs)}` };
}

function judgeMemory({ memory = [] }: BenchResult): Judged | undefined {
  const serial = memory.find(({ label }) => label === 'serial loop')?.peakRssMb.median;
  const ours = memory.filter(({ label, lanes }) => label.startsWith('parMap') && lanes === 8);
  if (serial === undefined) return undefined;
  const ratios = ours.map(({ label, peakPssMb: { median } }) => ({
    value: median / serial,
    detail: `${median.toFixed(0)} against ${serial.toFixed(0)} MiB, ${label}`,
  }));
  return worst(ratios, MAX_MEMORY_RATIO);
}

function judgeAuto({ sweep = [] }: BenchResult): Judged | undefined {
  const ratios = sweep
    .filter(({ chunk }) => chunk === 'auto')
    .flatMap((auto) => {
      const fixed = bestFixed(sweep, auto);
      if (!fixed) return [];
      const where = `${auto.itemUs} µs, ${auto.heapMb} MB, isolation '${auto.isolation}'`;
      return [
        {
          value: auto.ms.median / fixed.ms.median,
          detail: `${time(auto.ms)} against ${time(fixed.ms)} with chunk ${fixed.chunk}; ${where}`,
        },
      ];
    });
  return worst(ratios, MAX_AUTO_RATIO);
}

/** The cell of the fastest fixed chunk among those that differ from `like` in nothing else. */
export function bestFixed(sweep: readonly SweepCell[], like: SweepCell): SweepCell | undefined {
  return sweep
    .filter(({ chunk }) => typeof chunk === 'number' || chunk === 'all')
    .filter(({ itemUs, heapMb }) => itemUs === like.itemUs && heapMb === like.heapMb)
    .filter(({ isolation }) => isolation === like.isolation)
    .sort((a, b) => a.ms.median - b.ms.median)[0];
}
