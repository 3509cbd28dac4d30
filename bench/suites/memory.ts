/** Memory: the peak of the whole tree over a big index, by lanes, against the serial loop's. */
import { entrants } from '../contenders/index.js';
import type { MemoryAnswer, MemoryRequest } from '../measure/memory.js';
import { watchPeakPss } from '../proc.js';
import type { MemoryRow, Mode } from '../result.js';
import { runInTurn } from '../schedule.js';
import { summarize } from '../stats.js';
import { runTrial } from '../trials.js';
import type { Suite } from './suite.js';

interface Size {
  indexMb: number;
  lookups: number;
  lanes: number[];
}

const sizes: Record<Mode, Size> = {
  full: { indexMb: 200, lookups: 20_000, lanes: [1, 2, 4, 8] },
  quick: { indexMb: 100, lookups: 5_000, lanes: [8] },
  tiny: { indexMb: 5, lookups: 5000, lanes: [2] },
};
const labels = ['serial loop', 'parMap', "parMap, isolation: 'lane'", 'piscina'];
/** WHY: to send the index to eight workers takes half a minute. */
const MAX_PISCINA_LANES = 4;
const ROUNDS = 3;

function lanesOf(label: string, lanes: readonly number[]): readonly number[] {
  if (label === 'serial loop') return [1];
  return label === 'piscina' ? lanes.filter((count) => count <= MAX_PISCINA_LANES) : lanes;
}

export const memory: Suite = async (context) => {
  const { indexMb, lookups, lanes } = sizes[context.mode];
  const readings = labels.flatMap((label) =>
    lanesOf(label, lanes).map((count) => ({
      label,
      lanes: count,
      peakPss: [] as number[],
      answers: [] as MemoryAnswer[],
    })),
  );
  const cells = readings.map((reading) => ({
    name: `memory: ${reading.label}, ${reading.lanes} lanes`,
    run: async () => {
      const { module = '', variant = '' } = entrants.find(({ label }) => label === reading.label) ?? {};
      const request: MemoryRequest = {
        ...{ measure: 'memory', module, variant, lanes: reading.lanes, indexMb, lookups },
      };
      let peakMb = 0;
      const onStart = (pid: number) => {
        const peak = watchPeakPss(pid);
        return () => {
          peakMb = peak();
        };
      };
      const { answer } = await runTrial<MemoryAnswer>({ ...request }, { onStart });
      reading.answers.push(answer);
      reading.peakPss.push(peakMb);
    },
  }));
  const failed = await runInTurn(cells, { rounds: ROUNDS, ...context });
  const rows = readings
    .filter(({ answers }) => answers.length > 0)
    .map(
      ({ label, lanes: count, peakPss, answers }): MemoryRow => ({
        label,
        lanes: count,
        peakPssMb: summarize(peakPss),
        peakRssMb: summarize(answers.map(({ peakRssMb }) => peakRssMb)),
        indexRssMb: summarize(answers.map(({ rssMb }) => rssMb)),
        ms: summarize(answers.map(({ ms }) => ms)),
      }),
    );
  return { memory: rows, failed };
};
