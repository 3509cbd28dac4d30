import { workloads } from '../workloads/index.js';
import type { Contender } from './contender.js';

export const contender: Contender = {
  doubles: (n) => new Float64Array(n),
  open: async ({ workload, context }) => {
    const { apply } = workloads[workload];
    return {
      run: async (items) => items.map((item, index) => apply(item, context, index)),
      close: async () => undefined,
    };
  },
};
