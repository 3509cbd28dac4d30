/** Who takes part, in the order of the report. */
import { type WorkloadName, workloadNames } from '../workloads/index.js';
import type { Contender } from './contender.js';

export interface Entrant {
  label: string;
  kind: 'serial' | 'forkmap' | 'node' | 'other';
  /** The module beside this one. */
  module: string;
  variant: string;
  /** Absent: all. */
  workloads?: readonly WorkloadName[];
}

/** WHY not each float: nobody sends single floats to a pool. */
const all = workloadNames.filter((name) => name !== 'each-float');
const node = (name: string): Entrant => ({
  label: name,
  kind: 'node',
  module: name,
  variant: '',
  workloads: all,
});
const forkmap = (label: string, variant: string, workloads?: readonly WorkloadName[]): Entrant => ({
  label,
  kind: 'forkmap',
  module: 'forkmap',
  variant,
  ...(workloads && { workloads }),
});

const lists: WorkloadName[] = ['cpu', 'index', 'objects', 'numbers', 'validate', 'leak'];
const blocks: WorkloadName[] = ['floats'];

export const entrants: readonly Entrant[] = [
  { label: 'serial loop', kind: 'serial', module: 'serial', variant: '' },
  forkmap('parMap', 'default', [...lists, 'cold']),
  forkmap('parMap, chunk: 512', 'chunk', ['numbers']),
  forkmap("parMap, chunk: 'auto'", 'auto', lists),
  forkmap("parMap, isolation: 'lane'", 'lane', lists),
  forkmap('parMap, blocks sent back', 'lane', blocks),
  { ...forkmap('parMap into a sharedArray', 'auto', [...blocks, 'each-float']), module: 'forkmap-shared' },
  node('piscina'),
  node('tinypool'),
  node('workerpool'),
  node('poolifier'),
  node('jest-worker'),
  { ...node('child-process'), label: 'child_process.fork' },
];

export async function loadContender(module: string): Promise<Contender> {
  return ((await import(`./${module}.js`)) as { contender: Contender }).contender;
}
