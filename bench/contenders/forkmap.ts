import * as forkmap from '@forkmap/pool';
import { workloads } from '../workloads/index.js';
import type { Contender } from './contender.js';

/** How `parMap` is called: without options as most users would, with a fresh child per chunk, with its chunks left to it, or with children that stay. */
const variants: Record<string, forkmap.ParMapOptions> = {
  default: {},
  chunk: { chunk: 512 },
  auto: { chunk: 'auto' },
  lane: { isolation: 'lane', chunk: 'auto' },
};

export const contender: Contender = {
  open: async ({ workload, context, lanes, variant }) => {
    const { apply } = workloads[workload];
    return {
      run: (items) =>
        forkmap.parMap(items, (item, index) => apply(item, context, index), { lanes, ...variants[variant] }),
      close: async () => undefined,
    };
  },
};
