import { spin } from '../spin.js';
import { checkSample, scaled, type Workload } from './workload.js';

interface Context {
  rounds: number;
}

const ITEMS = 20_000;
export const CPU_ITEM_US = 50;

export const cpu: Workload<number, number, Context> = {
  title: 'CPU',
  note: `${ITEMS.toLocaleString('en')} items of ${CPU_ITEM_US} µs each, a number in, a number out`,
  batchItems: 250,
  makeContext: ({ roundsPerUs }) => ({ rounds: CPU_ITEM_US * roundsPerUs }),
  makeItems: (scale) => Array.from({ length: scaled(ITEMS, scale) }, (_, i) => i),
  apply: (seed, { rounds }) => spin(seed, rounds),
  check: (results, items, context) => {
    checkSample(results, items.length, (i) => spin(items[i] as number, context.rounds));
  },
};
