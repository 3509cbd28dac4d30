/** The ladder: from a direct call to a whole `parMap`, and the floor under it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LadderAnswer, LadderRequest, Rung } from '../measure/ladder.js';
import { benchDir, distDir, rootDir } from '../paths.js';
import type { LadderRow, Mode } from '../result.js';
import { runInTurn } from '../schedule.js';
import { summarize } from '../stats.js';
import { runTrial } from '../trials.js';
import type { Suite } from './suite.js';

const rungs: Rung[] = [
  'direct',
  'floor',
  'bare',
  'sync',
  'async',
  'one-item',
  'one-chunk',
  'next-chunk',
  'many-chunks',
];
const heaps: Record<Mode, number[]> = { full: [10, 50, 200, 400], quick: [10, 100], tiny: [10] };
const times: Record<Mode, number> = { full: 8, quick: 4, tiny: 2 };
const ROUNDS = 3;

/** WHY fewer: each is a hundred forks. */
function timesOf(rung: Rung, mode: Mode): number {
  return rung === 'many-chunks' ? Math.ceil(times[mode] / 4) : times[mode];
}

interface Reading {
  rung: Rung;
  heapMb: number;
  ms: number[];
  rssMb: number;
}

export const ladder: Suite = async (context) => {
  const failed: string[] = [];
  const floor = attempt(compileFloor, 'the C floor', failed);
  const hasBareFork = attempt(buildTestAddon, 'the bare fork', failed) !== undefined;
  const canRun = (rung: Rung) =>
    (rung !== 'floor' || floor !== undefined) && (rung !== 'bare' || hasBareFork);
  const readings: Reading[] = heaps[context.mode].flatMap((heapMb) =>
    rungs.filter(canRun).map((rung) => ({ rung, heapMb, ms: [], rssMb: 0 })),
  );
  const cells = readings.map((reading) => ({
    name: `ladder: ${reading.rung}, ${reading.heapMb} MB`,
    run: async () => {
      const { rung, heapMb } = reading;
      const request: LadderRequest = {
        ...{ measure: 'ladder', rung, heapMb, times: timesOf(rung, context.mode), floor: floor ?? '' },
      };
      const env = rung === 'bare' ? { FORKMAP_ADDON: 'faults' } : {};
      const { answer } = await runTrial<LadderAnswer>({ ...request }, { env });
      reading.ms.push(...answer.ms);
      reading.rssMb = answer.rssMb;
    },
  }));
  failed.push(...(await runInTurn(cells, { rounds: ROUNDS, ...context })));
  const done = readings.filter(({ ms }) => ms.length > 0);
  return { ladder: done.map((reading): LadderRow => ({ ...reading, ms: summarize(reading.ms) })), failed };
};

function attempt<T>(prepare: () => T, what: string, failed: string[]): T | undefined {
  try {
    return prepare();
  } catch (error) {
    failed.push(`${what} could not be built: ${(error as Error).message}`);
    return undefined;
  }
}

/** Gives the path of the compiled program. */
function compileFloor(): string {
  const program = join(distDir, 'floor', 'floor');
  mkdirSync(join(distDir, 'floor'), { recursive: true });
  execFileSync('cc', ['-O2', '-Wall', '-o', program, join(benchDir, 'floor', 'floor.c')], { stdio: 'pipe' });
  return program;
}

/** The addon of the tests can measure a bare fork of this process. Built once, then up to date. */
function buildTestAddon(): true {
  execFileSync(process.execPath, [join(rootDir, 'packages', 'native', 'build.mjs'), '--faults'], {
    stdio: 'pipe',
  });
  return true;
}
