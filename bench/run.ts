/**
 * The benchmark. Records a result, and makes the tables and plots from it.
 *
 *   npm run bench -- [--quick | --tiny] [--suite defaults,sweep,ladder,contenders,memory,codecs] [--minutes N] [--out DIR]
 *   npm run bench -- --render RESULT.json [--out DIR]     makes tables and plots again from a recorded result
 *
 * A full run of all suites takes under 10 minutes and goes to this folder; all else goes to dist/<mode>, unless --out
 * says otherwise. --minutes bounds the time, but the first round of each suite is always whole. --tiny is for tests: it
 * shows that all of it works, and its figures mean nothing.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine, slugOfCpu } from './machine.js';
import { benchDir, distDir } from './paths.js';
import { renderAll } from './report/render.js';
import { type BenchResult, FORMAT, type Mode } from './result.js';
import { calibrate, calibrateShort } from './spin.js';
import { codecs } from './suites/codecs.js';
import { contenders } from './suites/contenders.js';
import { defaults } from './suites/defaults.js';
import { ladder } from './suites/ladder.js';
import { memory } from './suites/memory.js';
import type { Suite } from './suites/suite.js';
import { sweep } from './suites/sweep.js';
import { FLOAT_NS } from './workloads/floats.js';

/** In the order in which they run; the shares of the time that they may take. */
const suites: Record<string, { suite: Suite; share: number }> = {
  ladder: { suite: ladder, share: 0.07 },
  codecs: { suite: codecs, share: 0.07 },
  memory: { suite: memory, share: 0.08 },
  defaults: { suite: defaults, share: 0.08 },
  contenders: { suite: contenders, share: 0.4 },
  sweep: { suite: sweep, share: 0.3 },
};
const limitMs: Record<Mode, number> = { full: 530_000, quick: 45_000, tiny: 0 };

async function measureAll(mode: Mode, names: readonly string[], totalMs: number): Promise<BenchResult> {
  const startedMs = performance.now();
  const machine = describeMachine();
  const result: BenchResult = {
    format: FORMAT,
    date: new Date().toISOString(),
    mode,
    lanes: machine.cpus,
    roundsPerUs: calibrate(),
    floatRounds: calibrateShort(FLOAT_NS),
    tookSeconds: 0,
    machine,
    failed: [],
  };
  let sharesLeft = names.reduce((sum, name) => sum + (suites[name]?.share ?? 0), 0);
  for (const name of names) {
    const { suite, share } = suites[name] as (typeof suites)[string];
    const leftMs = Math.max(0, totalMs - (performance.now() - startedMs));
    console.log(`\n${name}`);
    const { failed, ...section } = await suite({
      ...{ mode, lanes: result.lanes, log: console.log },
      ...{ roundsPerUs: result.roundsPerUs, floatRounds: result.floatRounds },
      budgetMs: (leftMs * share) / sharesLeft,
    });
    sharesLeft -= share;
    Object.assign(result, section);
    result.failed.push(...failed);
  }
  result.tookSeconds = Math.round((performance.now() - startedMs) / 1000);
  return result;
}

function record(result: BenchResult, outDir: string): void {
  const dir = join(outDir, 'results');
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${result.date.slice(0, 10)}-${slugOfCpu(result.machine.cpu)}.json`);
  writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`);
  console.log(`\n${file}`);
}

function namesOf(asked: string | undefined): string[] {
  const all = Object.keys(suites);
  const names = asked?.split(',') ?? all;
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new RangeError(`unknown suite '${unknown}'; there are ${all.join(', ')}`);
  return all.filter((name) => names.includes(name));
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    tiny: { type: 'boolean', default: false },
    suite: { type: 'string' },
    out: { type: 'string' },
    minutes: { type: 'string' },
    render: { type: 'string' },
  },
});
const mode = values.tiny ? 'tiny' : values.quick ? 'quick' : 'full';
const totalMs = values.minutes === undefined ? limitMs[mode] : Number(values.minutes) * 60_000;
const isWhole = mode === 'full' && values.suite === undefined;
const outDir = values.out ?? (isWhole || values.render ? benchDir : join(distDir, mode));

if (values.render) {
  renderAll(JSON.parse(readFileSync(values.render, 'utf8')) as BenchResult, outDir);
} else {
  const result = await measureAll(mode, namesOf(values.suite), totalMs);
  record(result, outDir);
  renderAll(result, outDir);
  if (result.failed.length > 0) process.exitCode = 1;
}
