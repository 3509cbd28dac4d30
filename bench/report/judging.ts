/** What promises of speed are judged by. */
import type { BenchResult, ContenderRow } from '../result.js';
import type { Summary } from '../stats.js';
import type { WorkloadName } from '../workloads/index.js';

/** How a promise was kept. */
export interface Judged {
  value: number;
  holds: boolean;
  detail: string;
}

type Judge = (result: BenchResult) => Judged | undefined;

/** What is promised, and how it is judged. */
export interface Promised {
  what: string;
  wanted: string;
  judge: Judge;
}

/** Against the best of Node's pools. @param label of ours; default: the best */
export function ahead(
  result: BenchResult,
  workload: WorkloadName,
  when: 'cold' | 'warm',
  least: number,
  label?: string,
): Judged | undefined {
  const own = rowsOf(result, workload, 'forkmap').filter((row) => label === undefined || row.label === label);
  const ours = best(own, when);
  const theirs = best(rowsOf(result, workload, 'node'), when);
  const [ourTime, theirTime] = [ours?.[when], theirs?.[when]];
  if (!ours || !theirs || !ourTime || !theirTime) return undefined;
  const value = theirTime.median / ourTime.median;
  const detail = `${theirs.label} ${time(theirTime)} against ${time(ourTime)}, ${ours.label}`;
  return { value, holds: value >= least, detail };
}

export function worst(ratios: { value: number; detail: string }[], most: number): Judged | undefined {
  const [highest] = [...ratios].sort((a, b) => b.value - a.value);
  return highest && { ...highest, holds: highest.value <= most };
}

export function rowsOf(
  result: BenchResult,
  workload: WorkloadName,
  kind: ContenderRow['kind'],
): ContenderRow[] {
  return (result.contenders ?? []).filter((row) => row.workload === workload && row.kind === kind);
}

export function best(rows: readonly ContenderRow[], when: 'cold' | 'warm'): ContenderRow | undefined {
  const timeOf = (row: ContenderRow) => row[when]?.median ?? Number.POSITIVE_INFINITY;
  return [...rows].sort((a, b) => timeOf(a) - timeOf(b))[0];
}

export function time({ median }: Summary): string {
  return `${median < 10 ? median.toPrecision(2) : median.toFixed(0)} ms`;
}
