/** How figures and names are written, in tables and plots alike. */
import type { Rung } from '../measure/ladder.js';
import type { BenchResult, SweepCell } from '../result.js';
import type { Summary } from '../stats.js';

export const rungTitles: Record<Rung, string> = {
  direct: 'direct call',
  floor: 'C program of equal memory: fork, _exit, wait',
  bare: 'this process: bare fork, _exit, wait',
  sync: 'forkMapSync',
  async: 'forkMap',
  'one-item': 'parMap of one item',
  'one-chunk': 'parMap of one chunk (512 items)',
  'next-chunk': 'each further chunk of a parMap of few',
  'many-chunks': 'each further chunk of a parMap of many',
};

/** Three significant digits, no exponent: `0.00123`, `12.3`, `1,234`. */
export function figure(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 5));
}

/** Median and quartiles: `12.3 (11.9–13.0)`. */
export function spread(summary: Summary | undefined): string {
  if (!summary) return '';
  const { median, low, high } = summary;
  return `${figure(median)} (${figure(low)}–${figure(high)})`;
}

export function itemLength(us: number): string {
  return us >= 1000 ? `${us / 1000} ms` : `${us} µs`;
}

/** Which share of the lanes' time went to the items themselves, of 1. */
export function efficiency({ items, itemUs, ms }: SweepCell, lanes: number): number {
  return Math.min(1, (items * itemUs) / 1000 / lanes / ms.median);
}

export function machineLine({ machine, date, mode, lanes, tookSeconds }: BenchResult): string {
  const { cpu, cpus, memoryGiB, kernel, isVirtual, node } = machine;
  const kind = mode === 'full' ? '' : ` A ${mode} run: not to be quoted.`;
  return (
    `${date.slice(0, 10)}: ${cpu}, ${cpus} CPUs${isVirtual ? ' of a virtual machine' : ''}, ${memoryGiB} GiB, ${kernel}, ` +
    `Node ${node}; ${lanes} lanes; load ${machine.load} at the start; took ${tookSeconds} s.${kind}`
  );
}
