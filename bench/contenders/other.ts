/** Other languages' ways to run a list in forked processes or threads, where they are installed here. */
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ContenderAnswer } from '../measure/contender.js';
import { benchDir } from '../paths.js';
import { CPU_ITEM_US } from '../workloads/cpu.js';
import type { WorkloadName } from '../workloads/index.js';

export interface OtherLanguage {
  label: string;
  /** Succeeds where the language and its library are there. */
  probe: string[];
  command: string[];
  workloads: readonly WorkloadName[];
}

const program = (name: string) => join(benchDir, 'contenders', 'other', name);

const known: OtherLanguage[] = [
  {
    label: 'Python multiprocessing',
    probe: ['python3', '-c', 'import multiprocessing'],
    command: ['python3', program('parallel.py')],
    workloads: ['cpu', 'numbers'],
  },
  {
    label: "Ruby's parallel",
    probe: ['ruby', '-rparallel', '-e', '1'],
    command: ['ruby', program('parallel.rb')],
    workloads: ['cpu', 'numbers'],
  },
  {
    label: "R's mclapply",
    probe: ['Rscript', '-e', 'library(parallel)'],
    command: ['Rscript', program('mclapply.R')],
    workloads: ['cpu', 'numbers'],
  },
];

export function otherLanguages(): OtherLanguage[] {
  return known.filter(({ probe: [file = '', ...args] }) => spawnSync(file, args).status === 0);
}

const items: Partial<Record<WorkloadName, number>> = { cpu: 20_000, numbers: 1_000_000 };

/**
 * Runs a workload in another language, in a fresh process. WHY by the clock: rounds of our generator take another time
 * there; an item of the CPU workload is as long in all of them.
 */
export async function runOther(
  { command }: OtherLanguage,
  workload: WorkloadName,
  { lanes, share }: { lanes: number; share: number },
): Promise<ContenderAnswer> {
  const [file = '', ...args] = command;
  const count = Math.round((items[workload] ?? 0) * share);
  const { stdout } = await promisify(execFile)(
    file,
    [...args, workload, String(count), String(lanes), String(CPU_ITEM_US)],
    { timeout: 60_000 },
  );
  return JSON.parse(stdout) as ContenderAnswer;
}
