/** What is promised of calls without options. */
import type { BenchResult } from '../result.js';
import { workloadNames } from '../workloads/index.js';
import { ahead, best, type Judged, type Promised, rowsOf, time, worst } from './judging.js';

/** The label of a call without options. */
export const NO_OPTIONS = 'no options';
const NO_WORK = '100 numbers';
const MAX_FIXED_RATIO = 1.1;
const MAX_ONE_CHILD_RATIO = 1.5;
const MAX_DEFAULT_RATIO = 1.15;
const MAX_VALIDATE_RATIO = 1.2;

export const withoutOptions: readonly Promised[] = [
  {
    what: 'short lists of heavy items without options, against the best fixed chunk (the worst)',
    wanted: `at most ${MAX_FIXED_RATIO} times as long`,
    judge: (result) => worst(judgeNoOptions(result, false), MAX_FIXED_RATIO),
  },
  {
    what: '100 numbers without options, against one chunk in one child',
    wanted: `at most ${MAX_ONE_CHILD_RATIO} times as long`,
    judge: (result) => worst(judgeNoOptions(result, true), MAX_ONE_CHILD_RATIO),
  },
  {
    what: "each workload without options, against the best of chunk: 'auto' and isolation: 'lane' (the worst)",
    wanted: `at most ${MAX_DEFAULT_RATIO} times as long`,
    judge: judgeDefaults,
  },
  {
    what: 'records through an ajv validator without options, against the serial loop',
    wanted: `at most ${MAX_VALIDATE_RATIO} times as long`,
    judge: judgeValidate,
  },
  {
    what: 'the same, against piscina, warm',
    wanted: 'ahead',
    judge: (result) => ahead(result, 'validate', 'warm', 1, 'parMap'),
  },
];

/** Against the best of the other ways in the same list. @param isNoWork of the list that is next to no work, or of all others */
function judgeNoOptions(
  { defaults = [] }: BenchResult,
  isNoWork: boolean,
): { value: number; detail: string }[] {
  const lists = new Set(defaults.map(({ list }) => list).filter((list) => (list === NO_WORK) === isNoWork));
  return [...lists].flatMap((list) => {
    const rows = defaults.filter((row) => row.list === list);
    const plain = rows.find(({ label }) => label === NO_OPTIONS);
    const [best] = rows.filter((row) => row !== plain).sort((a, b) => a.ms.median - b.ms.median);
    if (!plain || !best) return [];
    const detail = `${list}: ${plain.ms.median.toFixed(0)} ms against ${best.ms.median.toFixed(0)} ms, ${best.label}`;
    return [{ value: plain.ms.median / best.ms.median, detail }];
  });
}

function judgeDefaults(result: BenchResult): Judged | undefined {
  const ratios = workloadNames.flatMap((name) => {
    const rows = rowsOf(result, name, 'forkmap');
    const plain = rows.find(({ label }) => label === 'parMap')?.warm;
    const chosen = rows.filter(({ label }) => /'(auto|lane)'$/.test(label));
    const other = best(chosen, 'warm');
    if (!plain || !other?.warm) return [];
    const detail = `${name}: ${time(plain)} against ${time(other.warm)}, ${other.label}`;
    return [{ value: plain.median / other.warm.median, detail }];
  });
  return worst(ratios, MAX_DEFAULT_RATIO);
}

function judgeValidate(result: BenchResult): Judged | undefined {
  const serial = rowsOf(result, 'validate', 'serial')[0]?.warm;
  const ours = rowsOf(result, 'validate', 'forkmap').find(({ label }) => label === 'parMap')?.warm;
  if (!serial || !ours) return undefined;
  const value = ours.median / serial.median;
  return { value, holds: value <= MAX_VALIDATE_RATIO, detail: `${time(ours)} against ${time(serial)}` };
}
