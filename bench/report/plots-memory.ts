/** Curves of memory: the peak of the whole tree by lanes. */
import type { BenchResult } from '../result.js';
import { category, middle } from './axes.js';
import { axisLines, axisText, colours, ink, legendText, type Plot } from './theme.js';
import { figure } from './words.js';

const lineColours = [colours.forkmap, colours.violet, colours.node];

export function memoryCurves({ memory = [] }: BenchResult): Plot[] {
  const serial = memory.find(({ label }) => label === 'serial loop');
  if (!serial) return [];
  const others = memory.filter((row) => row !== serial);
  const names = [...new Set(others.map(({ label }) => label))];
  const lanes = [...new Set(others.map((row) => row.lanes))];
  const level = (name: string, value: number, color: string) => ({
    ...{
      name,
      color,
      type: 'line' as const,
      symbol: 'none',
      lineStyle: { type: 'dashed' as const, width: 2 },
    },
    data: lanes.map(() => value),
  });
  const curve = (name: string, i: number) => ({
    ...{ name, type: 'line' as const, color: lineColours[i % lineColours.length] as string, symbolSize: 8 },
    lineStyle: { width: 2 },
    endLabel: { show: true, color: ink, formatter: ({ value }: { value: unknown }) => figure(Number(value)) },
    data: lanes.map(
      (count) => others.find((row) => row.label === name && row.lanes === count)?.peakPssMb.median,
    ),
  });
  return [
    {
      title: 'Peak memory of the whole tree over a big index',
      width: 940,
      height: 340,
      option: {
        grid: { left: 72, right: 56, top: 64, bottom: 48 },
        legend: { ...legendText, icon: undefined, top: 28, left: 8, itemWidth: 24 },
        xAxis: category('lanes', lanes.map(String)),
        yAxis: { type: 'value', name: 'MiB (PSS)', min: 0, ...middle(52), ...axisText, ...axisLines },
        series: [
          ...names.map(curve),
          level('serial loop', serial.peakRssMb.median, colours.serial),
          level('1.5 × serial', serial.peakRssMb.median * 1.5, colours.red),
        ],
      },
    },
  ];
}
