/** Bars on logarithmic scales: the ladder and the codecs. */
import type { BenchResult, CodecRow } from '../result.js';
import type { Summary } from '../stats.js';
import { barOf, labels, logarithmic, valueLabel } from './axes.js';
import { legendText, type Plot, series, warmSteps } from './theme.js';
import { rungTitles } from './words.js';

const LEAST_MS = 0.01;
const LEAST_US = 1;

/** All rungs, a bar per heap, on a logarithmic scale. */
export function ladderBars({ ladder = [] }: BenchResult): Plot[] {
  if (ladder.length === 0) return [];
  const rungs = [...new Set(ladder.map(({ rung }) => rung))].reverse();
  const heaps = [...new Set(ladder.map(({ heapMb }) => heapMb))];
  const shades = ['#b9bec6', warmSteps[0], warmSteps[1], warmSteps[2]];
  return [
    {
      title: 'Doing nothing, in ever more ways',
      width: 940,
      height: 100 + rungs.length * heaps.length * 16,
      option: {
        grid: { left: 290, right: 70, top: 56, bottom: 44 },
        legend: { ...legendText, top: 26, left: 8 },
        xAxis: logarithmic('ms, logarithmic', { min: LEAST_MS, gap: 28 }),
        yAxis: labels(rungs.map((rung) => rungTitles[rung])),
        series: [...heaps].reverse().map((heapMb) => ({
          name: `heap ${heapMb} MB`,
          type: 'bar' as const,
          color: shades[heaps.indexOf(heapMb) % 4] as string,
          barGap: '8%',
          barCategoryGap: '24%',
          label: valueLabel,
          data: rungs.map((rung) => {
            const row = ladder.find((each) => each.rung === rung && each.heapMb === heapMb);
            return barOf(row?.ms.median, LEAST_MS);
          }),
        })),
      },
    },
  ];
}

/** Encode and decode, first call and compiled: a panel each. */
export function codecBars({ codecs = [] }: BenchResult): Plot[] {
  if (codecs.length === 0) return [];
  const kinds = [...new Set(codecs.map(({ kind }) => kind))].reverse();
  const names = [...new Set(codecs.map(({ codec }) => codec))];
  const panels: [string, (row: CodecRow) => Summary][] = [
    ['decode, compiled', (row) => row.decodeUs],
    ['encode, compiled', (row) => row.encodeUs],
    ['decode, first call of a process', (row) => row.coldDecodeUs],
    ['encode, first call of a process', (row) => row.coldEncodeUs],
  ];
  return panels.map(([title, get]) => ({
    title,
    width: 460,
    height: 110 + kinds.length * names.length * 13,
    option: {
      grid: { left: 108, right: 56, top: 56, bottom: 44 },
      legend: { ...legendText, top: 26, left: 8 },
      xAxis: logarithmic('µs per batch, logarithmic', { min: LEAST_US, gap: 28 }),
      yAxis: labels(kinds),
      series: [...names].reverse().map((codec) => ({
        name: codec,
        type: 'bar' as const,
        color: series[names.indexOf(codec) % series.length] as string,
        barGap: '8%',
        barCategoryGap: '20%',
        label: valueLabel,
        data: kinds.map((kind) => {
          const row = codecs.find((each) => each.codec === codec && each.kind === kind);
          return barOf(row && get(row).median, LEAST_US);
        }),
      })),
    },
  }));
}
