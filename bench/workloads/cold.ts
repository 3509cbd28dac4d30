import { checkSample, type Workload } from './workload.js';

export const cold: Workload<number, number, undefined> = {
  title: 'Cold start',
  note: 'from the start of a process to its first result: one item that does nothing',
  batchItems: 1,
  makeContext: () => undefined,
  makeItems: () => [1],
  apply: (x) => x + 1,
  check: (results) => checkSample(results, 1, () => 2),
};
