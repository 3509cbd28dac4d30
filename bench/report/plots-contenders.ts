/** Bars of the contenders: a panel per workload. */
import type { BenchResult, ContenderRow } from '../result.js';
import type { Summary } from '../stats.js';
import { workloadNames, workloads } from '../workloads/index.js';
import { barOf, labels, valueLabel } from './axes.js';
import { axisLines, axisText, colours, legendText, type Plot } from './theme.js';

const LABEL_WIDTH = 172;
const PALE = '80'; // alpha

/** How long with the set-up, and how long, or how large, after that. */
export function contenderBars({ contenders = [] }: BenchResult): Plot[] {
  return workloadNames.flatMap((name) => {
    const rows = contenders.filter(({ workload }) => workload === name).reverse();
    if (rows.length === 0) return [];
    const first = name === 'cold' ? 'from the start of the process, ms' : 'set-up and first run, ms';
    const bars = [bar(first, rows, (row) => row.cold, PALE)];
    const { title, isAboutMemory } = workloads[name];
    if (isAboutMemory) bars.push(bar('peak memory of the tree, MiB', rows, (row) => row.peakPssMb, ''));
    else if (rows.some(({ warm }) => warm)) bars.push(bar('warm, ms', rows, (row) => row.warm, ''));
    return [
      {
        title,
        width: 460,
        height: 84 + rows.length * 15 * (bars.length + 0.5),
        option: {
          grid: { left: LABEL_WIDTH, right: 56, top: 56, bottom: 24 },
          legend: { ...legendText, top: 26, left: 8 },
          xAxis: { type: 'value', splitNumber: 4, ...axisText, ...axisLines },
          yAxis: labels(rows.map(({ label }) => label)),
          series: bars,
        },
      },
    ];
  });
}

function bar(
  name: string,
  rows: readonly ContenderRow[],
  get: (row: ContenderRow) => Summary | undefined,
  alpha: string,
) {
  return {
    ...{ name, type: 'bar' as const, color: colours.forkmap + alpha, barGap: '10%', barCategoryGap: '28%' },
    label: valueLabel,
    data: rows.map((row) => ({
      ...barOf(get(row)?.median),
      itemStyle: { color: colours[row.kind] + alpha },
    })),
  };
}
