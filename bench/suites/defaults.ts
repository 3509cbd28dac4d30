/** Calls without options against the best of those with some, where lists are short. */
import type { ParMapOptions } from '@forkmap/pool';
import type { DefaultsAnswer, DefaultsRequest } from '../measure/defaults.js';
import { NO_OPTIONS } from '../report/must-show-defaults.js';
import type { DefaultsRow, Mode } from '../result.js';
import { runInTurn } from '../schedule.js';
import { summarize } from '../stats.js';
import { runTrial } from '../trials.js';
import type { Suite } from './suite.js';

const ROUNDS = 5;
const CHUNKS_PER_LANE = [1, 2, 5];

interface Case {
  list: string;
  items: number;
  itemUs: number;
  /** In one process, before it ends. */
  runs: number;
}

const cases: readonly Case[] = [
  { list: '300 items of 5 ms', items: 300, itemUs: 5000, runs: 1 },
  { list: '2 items of 500 ms', items: 2, itemUs: 500_000, runs: 1 },
  { list: '600 items of 2 ms', items: 600, itemUs: 2000, runs: 1 },
  { list: '100 numbers', items: 100, itemUs: 0, runs: 20 },
];
const share: Record<Mode, number> = { full: 1, quick: 0.1, tiny: 0.001 };

/** By their labels; for next to no work, one chunk in one child. */
function waysOf({ items, itemUs }: Case, lanes: number): Record<string, ParMapOptions> {
  if (itemUs === 0) return { [NO_OPTIONS]: {}, 'one chunk in one child': { chunk: items, lanes: 1 } };
  const sizes = CHUNKS_PER_LANE.map((chunks) => Math.ceil(items / (lanes * chunks)));
  const fixed = [...new Set(sizes)].map((chunk) => [`chunk: ${chunk}`, { chunk }] as const);
  return { [NO_OPTIONS]: {}, ...Object.fromEntries(fixed) };
}

export const defaults: Suite = async (context) => {
  const readings: { list: string; times: DefaultsAnswer }[] = [];
  const cells = cases.map((each) => {
    const ways = waysOf(each, context.lanes);
    const times: DefaultsAnswer = Object.fromEntries(Object.keys(ways).map((label) => [label, []]));
    readings.push({ list: each.list, times });
    const request: DefaultsRequest = {
      ...{ measure: 'defaults', ways, runs: each.runs, items: each.items },
      ...{ itemUs: each.itemUs * share[context.mode], roundsPerUs: context.roundsPerUs },
    };
    const run = async () => {
      const { answer } = await runTrial<DefaultsAnswer>({ ...request });
      for (const [label, ms] of Object.entries(answer)) times[label]?.push(...ms);
    };
    return { name: each.list, run };
  });
  const failed = await runInTurn(cells, { rounds: ROUNDS, ...context });
  const rows = readings.flatMap(({ list, times }) =>
    Object.entries(times).flatMap(([label, ms]): DefaultsRow[] =>
      ms.length > 0 ? [{ list, label, ms: summarize(ms) }] : [],
    ),
  );
  return { defaults: rows, failed };
};
