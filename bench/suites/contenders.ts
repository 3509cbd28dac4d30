/** Contenders: the same work, the same lanes, set-up included and apart. */
import { type Entrant, entrants } from '../contenders/index.js';
import { type OtherLanguage, otherLanguages, runOther } from '../contenders/other.js';
import type { ContenderAnswer, ContenderRequest } from '../measure/contender.js';
import { watchPeakPss } from '../proc.js';
import type { ContenderRow, Mode } from '../result.js';
import { type Cell, runInTurn } from '../schedule.js';
import { summarize } from '../stats.js';
import { runTrial } from '../trials.js';
import { type WorkloadName, workloadNames, workloads } from '../workloads/index.js';
import type { Suite, SuiteContext } from './suite.js';

/** How much of each workload, and who takes part in which; all, where nothing is said. */
interface Size {
  share: number;
  entrants?: readonly string[];
  workloads?: readonly WorkloadName[];
  hasOthers: boolean;
}

const few = ['serial loop', 'parMap', 'piscina', 'child_process.fork'];
const sizes: Record<Mode, Size> = {
  full: { share: 1, hasOthers: true },
  quick: {
    share: 0.1,
    entrants: [
      ...few,
      "parMap, chunk: 'auto'",
      "parMap, isolation: 'lane'",
      'parMap into a sharedArray',
      'tinypool',
    ],
    workloads: ['cpu', 'index', 'objects', 'numbers', 'validate', 'floats', 'cold'],
    hasOthers: true,
  },
  tiny: { share: 0.002, entrants: few, workloads: ['cpu', 'leak', 'cold'], hasOthers: false },
};
const ROUNDS = 7;

/** The readings of one row. */
class Readings {
  readonly cold: number[] = [];
  readonly setup: number[] = [];
  readonly warm: number[] = [];
  readonly importing: number[] = [];
  readonly peakPssMb: number[] = [];

  constructor(
    readonly workload: WorkloadName,
    readonly entrant: Pick<Entrant, 'label' | 'kind'>,
  ) {}

  add({ importMs, setupMs, firstMs, warmMs }: ContenderAnswer): void {
    this.importing.push(importMs);
    this.setup.push(setupMs);
    this.cold.push(setupMs + firstMs);
    this.warm.push(...warmMs);
  }

  row(): ContenderRow {
    const optional = Object.entries({
      setup: this.setup,
      warm: this.warm,
      importing: this.importing,
      peakPssMb: this.peakPssMb,
    }).filter(([, readings]) => readings.length > 0);
    return {
      workload: this.workload,
      label: this.entrant.label,
      kind: this.entrant.kind,
      cold: summarize(this.cold),
      ...Object.fromEntries(optional.map(([name, readings]) => [name, summarize(readings)])),
    };
  }
}

export const contenders: Suite = async (context) => {
  const rows: Readings[] = [];
  const cells: Cell[] = [];
  const add = (row: Readings, run: () => Promise<void>) => {
    rows.push(row);
    cells.push({ name: `${row.workload}: ${row.entrant.label}`, run });
  };
  const { workloads: some = workloadNames, hasOthers } = sizes[context.mode];
  const others = hasOthers ? otherLanguages() : [];
  for (const workload of some) {
    if (workload === 'cold') addColdStarts(context, add);
    else addWorkload(workload, context, add);
    for (const language of others) addOther({ workload, language, context }, add);
  }
  const failed = await runInTurn(cells, { rounds: ROUNDS, ...context });
  return { contenders: rows.filter(({ cold }) => cold.length > 0).map((row) => row.row()), failed };
};

type Add = (row: Readings, run: () => Promise<void>) => void;

function takesPart({ label, workloads: its }: Entrant, workload: WorkloadName, mode: Mode): boolean {
  const isAsked = sizes[mode].entrants?.includes(label) ?? true;
  return isAsked && (its?.includes(workload) ?? true);
}

function addWorkload(
  workload: WorkloadName,
  { mode, lanes, roundsPerUs, floatRounds }: SuiteContext,
  add: Add,
): void {
  const { isAboutMemory } = workloads[workload];
  for (const entrant of entrants.filter((each) => takesPart(each, workload, mode))) {
    const { module, variant } = entrant;
    const row = new Readings(workload, entrant);
    const request: ContenderRequest = {
      ...{ measure: 'contender', module, variant, workload, lanes, share: sizes[mode].share },
      ...{ roundsPerUs, floatRounds },
    };
    add(row, async () => {
      const onStart = (pid: number) => {
        const peak = watchPeakPss(pid);
        return () => row.peakPssMb.push(peak());
      };
      const { answer } = await runTrial<ContenderAnswer>({ ...request }, isAboutMemory ? { onStart } : {});
      row.add(answer);
    });
  }
}

function addColdStarts({ mode }: SuiteContext, add: Add): void {
  const bare = { label: 'node alone', kind: 'other', module: undefined, variant: '' } as const;
  for (const entrant of [bare, ...entrants.filter((each) => takesPart(each, 'cold', mode))]) {
    const { module, variant } = entrant;
    const row = new Readings('cold', entrant);
    add(row, async () => {
      const { firstWordMs } = await runTrial({ measure: 'cold', module, variant });
      row.cold.push(firstWordMs);
    });
  }
}

function addOther(
  { workload, language, context }: { workload: WorkloadName; language: OtherLanguage; context: SuiteContext },
  add: Add,
): void {
  if (!language.workloads.includes(workload)) return;
  const row = new Readings(workload, { label: language.label, kind: 'other' });
  add(row, async () =>
    row.add(await runOther(language, workload, { ...context, share: sizes[context.mode].share })),
  );
}
