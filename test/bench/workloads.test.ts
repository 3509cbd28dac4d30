import { describe, expect, it } from 'vitest';
import { workloadNames, workloads } from '../../bench/workloads/index.js';

const scale = { share: 0.0005, roundsPerUs: 10, floatRounds: 3, doubles: (n: number) => new Float64Array(n) };

describe.each(workloadNames)('the workload %s', (name) => {
  const workload = workloads[name];
  const run = (doubles: typeof scale.doubles | undefined) => {
    const context = workload.makeContext({ ...scale, doubles });
    const items = workload.makeItems(scale);
    return { context, items, results: items.map((item, i) => workload.apply(item, context, i)) };
  };

  it('accepts right answers', () => {
    const { results, items, context } = run(scale.doubles);
    expect(() => workload.check(results, items, context)).not.toThrow();
  });

  it('refuses wrong answers', () => {
    const { results, items, context } = run(scale.doubles);
    if (context?.out) context.out[0] = 0.25;
    else results[0] = 'wrong';
    expect(() => workload.check(results, items, context)).toThrow(/\[0\]: expected/);
  });

  it('refuses answers that were written by the run before', () => {
    const { results, items, context } = run(scale.doubles);
    if (!context?.out) return;
    workload.check(results, items, context);
    expect(() => workload.check(results, items, context)).toThrow(/expected/);
  });
});

it('floats that cannot be shared are sent back', () => {
  const context = workloads.floats.makeContext({ ...scale, doubles: undefined });
  const items = workloads.floats.makeItems(scale);
  const parts = items.map((item, i) => workloads.floats.apply(item, context, i));
  expect(() => workloads.floats.check(parts, items, context)).not.toThrow();
});
