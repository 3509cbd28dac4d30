/** Parts that the plots share. */
import { axisLines, axisText, faint, ink, rule } from './theme.js';
import { figure } from './words.js';

export function labels(data: string[]) {
  return { type: 'category' as const, data, ...axisText, ...axisLines, axisTick: { show: false } };
}

/** A name in the middle of its axis, so far from it. */
export function middle(nameGap: number) {
  return { nameLocation: 'middle' as const, nameGap };
}

export function category(name: string, data: string[], nameGap = 30) {
  return {
    ...{ type: 'category' as const, name, data, ...middle(nameGap), axisTick: { show: false } },
    axisLabel: { color: ink, interval: 0 },
    nameTextStyle: { color: faint },
    axisLine: { lineStyle: { color: rule } },
  };
}

/** `min` is where bars begin as well. */
export function logarithmic(name: string, { min, gap }: { min?: number; gap: number }) {
  return {
    ...{ type: 'log' as const, name, min, startValue: min, ...middle(gap), ...axisText, ...axisLines },
    axisLabel: {
      color: ink,
      formatter: (value: number) =>
        figure(value)
          .replace(/(\.\d*?)0+$/, '$1')
          .replace(/\.$/, ''),
    },
  };
}

/** What is drawn may be cut off where a logarithmic scale begins; what is written beside it is the figure itself. */
export interface Bar {
  value: number | null;
  figure: number | undefined;
}

export function barOf(value: number | undefined, least = 0): Bar {
  return { value: value === undefined ? null : Math.max(least, value), figure: value };
}

export const valueLabel = {
  ...{ show: true, position: 'right' as const, color: ink, fontSize: 10 },
  formatter: ({ data }: { data: unknown }) => {
    const { figure: value } = data as Bar;
    return value === undefined ? '' : figure(value);
  },
};
