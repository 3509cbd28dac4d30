import { checkSample, scaled, type Workload } from './workload.js';

const ITEMS = 1_000_000;

export const numbers: Workload<number, number, undefined> = {
  title: 'Numbers',
  note: `${ITEMS.toLocaleString('en')} numbers in, x × 1234 out: next to no work per item`,
  batchItems: 10_000,
  makeContext: () => undefined,
  makeItems: (scale) => Array.from({ length: scaled(ITEMS, scale) }, (_, i) => i),
  apply: (x) => x * 1234,
  check: (results, items) => {
    checkSample(results, items.length, (i) => (items[i] as number) * 1234, items.length);
  },
};
