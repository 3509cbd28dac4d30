import { spin } from '../spin.js';
import { checkSample, scaled, type Workload } from './workload.js';

interface Context {
  rounds: number;
}

const ITEMS = 8000;
const LEAKED_NUMBERS = 4000;
const ITEM_US = 20;

const leaked: unknown[] = [];

/** Works, and never lets go of what it used. */
function workAndLeak(seed: number, { rounds }: Context): number {
  leaked.push(new Array(LEAKED_NUMBERS).fill(seed + 0.5));
  return spin(seed, rounds);
}

export const leak: Workload<number, number, Context> = {
  title: 'A leaking function',
  note: `${ITEMS.toLocaleString('en')} items of ${ITEM_US} µs that leak ${LEAKED_NUMBERS * 8} bytes each`,
  batchItems: 100,
  makeContext: ({ roundsPerUs }) => ({ rounds: ITEM_US * roundsPerUs }),
  makeItems: (scale) => Array.from({ length: scaled(ITEMS, scale) }, (_, i) => i),
  apply: workAndLeak,
  check: (results, items, context) => {
    checkSample(results, items.length, (i) => spin(items[i] as number, context.rounds));
  },
  isAboutMemory: true,
};
