/** Plots of the chunk sweep: where time goes by chunk size, as heat maps and as curves. */
import type { BenchResult, SweepCell } from '../result.js';
import { category, logarithmic } from './axes.js';
import { legendText, type Plot, rule, steps, warmSteps } from './theme.js';
import { efficiency, itemLength } from './words.js';

const PALE_TEXT_ABOVE = 0.55;

/** One heat map per heap and isolation: the share of the lanes' time that went to the items. */
export function heatMaps({ sweep = [], lanes }: BenchResult): Plot[] {
  const { chunks, lengths, heaps, isolations } = axesOf(sweep);
  return isolations.flatMap((isolation) =>
    heaps.map((heapMb): Plot => {
      const cells = sweep.filter((cell) => cell.heapMb === heapMb && cell.isolation === isolation);
      const data = cells
        .filter(({ chunk }) => chunk !== 'serial')
        .map((cell) => {
          const share = efficiency(cell, lanes);
          const at = [chunks.indexOf(String(cell.chunk)), lengths.indexOf(cell.itemUs)];
          const colour = share > PALE_TEXT_ABOVE ? '#ffffff' : '#10243a';
          return { value: [...at, Math.round(100 * share)], label: { color: colour } };
        });
      return {
        title: `isolation '${isolation}', heap ${heapMb} MB`,
        width: 308,
        height: 240,
        option: {
          grid: { left: 58, right: 4, top: 36, bottom: 48 },
          xAxis: category('items per chunk', chunks),
          yAxis: category('per item', lengths.map(itemLength), 44),
          visualMap: {
            show: false,
            min: 0,
            max: 100,
            inRange: { color: ['#dbe9f6', '#9dc6e8', '#4d95cf', '#1d5f9e', '#0b3a6b'] },
          },
          series: [
            {
              type: 'heatmap',
              data,
              label: { show: true, formatter: '{@[2]}%', fontSize: 10 },
              itemStyle: { borderColor: rule, borderWidth: 1 },
            },
          ],
        },
      };
    }),
  );
}

/** One panel per length of an item: overhead per item by chunk size, a curve per heap and isolation. */
export function curves({ sweep = [] }: BenchResult): Plot[] {
  const { chunks, lengths, heaps, isolations } = axesOf(sweep);
  const fixed = chunks.filter((chunk) => chunk !== 'auto');
  return lengths.map((itemUs) => {
    const lines = isolations.flatMap((isolation) =>
      heaps.map((heapMb, i) => {
        const colour = (isolation === 'chunk' ? warmSteps : steps)[i % 3];
        return {
          name: `${isolation}, ${heapMb} MB`,
          type: 'line' as const,
          color: colour,
          symbolSize: 6,
          lineStyle: { type: isolation === 'lane' ? ('dashed' as const) : ('solid' as const), width: 2 },
          connectNulls: true,
          data: fixed.map((chunk) => {
            const cell = sweep.find(
              (each) =>
                String(each.chunk) === chunk &&
                each.itemUs === itemUs &&
                each.heapMb === heapMb &&
                each.isolation === isolation,
            );
            return cell ? Math.max(0.01, cell.overheadUsPerItem) : null;
          }),
        };
      }),
    );
    return {
      title: `items of ${itemLength(itemUs)}`,
      width: 460,
      height: 310,
      option: {
        grid: { left: 64, right: 16, top: 86, bottom: 48 },
        legend: { ...legendText, icon: undefined, top: 26, left: 8, itemWidth: 24, itemGap: 14 },
        xAxis: category('items per chunk', fixed),
        yAxis: logarithmic('overhead, µs per item', { gap: 48 }),
        series: lines,
      },
    };
  });
}

function axesOf(sweep: readonly SweepCell[]) {
  const own = sweep.filter(({ chunk }) => chunk !== 'serial');
  return {
    chunks: unique(own.map(({ chunk }) => String(chunk))).sort(bySize),
    lengths: unique(own.map(({ itemUs }) => itemUs)),
    heaps: unique(own.map(({ heapMb }) => heapMb)),
    isolations: unique(own.map(({ isolation }) => isolation)),
  };
}

/** Numbers, then `all`, then `auto`. */
function bySize(a: string, b: string): number {
  const rank = (chunk: string) => (chunk === 'all' ? 1e9 : chunk === 'auto' ? 2e9 : Number(chunk));
  return rank(a) - rank(b);
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
