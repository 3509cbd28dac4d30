/** The chunk sweep: chunk size × length of an item × heap × isolation. */
import type { SweepAnswer, SweepRequest } from '../measure/sweep.js';
import type { Mode, SweepCell } from '../result.js';
import { runInTurn } from '../schedule.js';
import { round, summarize } from '../stats.js';
import { runTrial } from '../trials.js';
import type { Suite, SuiteContext } from './suite.js';

type Chunk = SweepCell['chunk'];

interface Grid {
  chunks: Chunk[];
  /** Length of an item in µs, and how many make a list. */
  items: Map<number, number>;
  heapsMb: number[];
  isolations: SweepCell['isolation'][];
}

const grids: Record<Mode, Grid> = {
  full: {
    chunks: [1, 8, 64, 512, 4096, 'all', 'auto'],
    items: new Map([
      [1, 100_000],
      [10, 30_000],
      [100, 4096],
      [1000, 512],
    ]),
    heapsMb: [50, 200, 400],
    isolations: ['chunk', 'lane'],
  },
  quick: {
    chunks: [8, 512, 'all', 'auto'],
    items: new Map([
      [1, 20_000],
      [100, 600],
    ]),
    heapsMb: [50],
    isolations: ['chunk', 'lane'],
  },
  tiny: { chunks: [8, 'all'], items: new Map([[1, 64]]), heapsMb: [10], isolations: ['chunk'] },
};

/** A cell whose chunks alone would take longer runs only a part of its list. */
const FORKING_MS = 500;
const RUN_BUDGET_MS = 350;
const ROUNDS = 5;

/** From what forks were seen to cost; only how much of a list is run follows from it. */
const likelyForkMs = (heapMb: number) => 2 + heapMb / 12;

interface Plan {
  cell: Omit<SweepCell, 'ms' | 'overheadUsPerItem' | 'forks' | 'rssMb'>;
  ranItems: number;
  wholeMs: number[];
  forks: number[];
  rssMb: number;
}

export const sweep: Suite = async (context) => {
  const plans = planCells(grids[context.mode], context.lanes);
  const cells = plans.map((plan) => ({ name: nameOf(plan), run: () => runCell(plan, context) }));
  const failed = await runInTurn(cells, { rounds: ROUNDS, ...context });
  const done = plans.filter(({ wholeMs }) => wholeMs.length > 0);
  return { sweep: done.map((plan) => cellOf(plan, context.lanes)), failed };
};

function planCells({ chunks, items, heapsMb, isolations }: Grid, lanes: number): Plan[] {
  const plans: Plan[] = [];
  for (const [itemUs, count] of items) {
    const add = (heapMb: number, isolation: SweepCell['isolation'], chunk: Chunk) => {
      const ranItems = isolation === 'chunk' ? affordable({ chunk, count, heapMb, lanes }) : count;
      const cell = { itemUs, heapMb, isolation, chunk, items: count };
      plans.push({ cell, ranItems, wholeMs: [], forks: [], rssMb: 0 });
    };
    add(heapsMb[0] as number, 'chunk', 'serial');
    for (const heapMb of heapsMb) {
      for (const isolation of isolations) {
        for (const chunk of chunks) {
          // WHY: a chunk of more items than there are is the chunk of all.
          if (typeof chunk !== 'number' || chunk < count) add(heapMb, isolation, chunk);
        }
      }
    }
  }
  return plans;
}

function affordable(cell: { chunk: Chunk; count: number; heapMb: number; lanes: number }): number {
  const { chunk, count, heapMb, lanes } = cell;
  if (typeof chunk !== 'number') return count;
  const chunks = Math.max(4, FORKING_MS / likelyForkMs(heapMb)) * lanes;
  return Math.min(count, Math.ceil(chunks) * chunk);
}

async function runCell(plan: Plan, { roundsPerUs, lanes }: SuiteContext): Promise<void> {
  const { itemUs, heapMb, isolation, chunk, items } = plan.cell;
  const request: SweepRequest = {
    ...{ measure: 'sweep', heapMb, itemUs, roundsPerUs, isolation, lanes, items: plan.ranItems },
    chunk: chunk === 'all' ? items : chunk,
    budgetMs: RUN_BUDGET_MS,
  };
  const { answer } = await runTrial<SweepAnswer>({ ...request });
  const share = items / plan.ranItems;
  plan.wholeMs.push(...answer.ms.map((ms) => answer.baseMs + Math.max(0, ms - answer.baseMs) * share));
  if (answer.forks !== null) plan.forks.push(answer.forks * share);
  plan.rssMb = answer.rssMb;
}

function cellOf({ cell, ranItems, wholeMs, forks, rssMb }: Plan, lanes: number): SweepCell {
  const ms = summarize(wholeMs);
  const idealMs = (cell.items * cell.itemUs) / 1000 / (cell.chunk === 'serial' ? 1 : lanes);
  return {
    ...cell,
    ms,
    overheadUsPerItem: round(((ms.median - idealMs) * 1000) / cell.items),
    forks: forks.length > 0 ? Math.round(summarize(forks).median) : null,
    rssMb,
    ...(ranItems < cell.items && { ranItems }),
  };
}

function nameOf({ cell: { chunk, itemUs, heapMb, isolation } }: Plan): string {
  return `sweep: chunk ${chunk}, ${itemUs} µs, ${heapMb} MB, isolation ${isolation}`;
}
