import { bigIndex } from './big-index.js';
import { cold } from './cold.js';
import { cpu } from './cpu.js';
import { eachFloat, floats } from './floats.js';
import { leak } from './leak.js';
import { numbers } from './numbers.js';
import { objects } from './objects.js';
import { validate } from './validate.js';
import type { Workload } from './workload.js';

/** The names that results use, in the order of the report. */
export const workloadNames = [
  'cpu',
  'index',
  'objects',
  'numbers',
  'validate',
  'leak',
  'floats',
  'each-float',
  'cold',
] as const;
export type WorkloadName = (typeof workloadNames)[number];

export const workloads: Record<WorkloadName, Workload> = {
  cpu,
  index: bigIndex,
  objects,
  numbers,
  validate,
  leak,
  floats,
  'each-float': eachFloat,
  cold,
};
