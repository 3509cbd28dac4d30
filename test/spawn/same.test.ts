/** Tasks come to the same wherever they run: in spawned processes, in forked children, in this process. */

import * as verbs from '@forkmap/pool';
import { join, type ParMapOptions, Pool, par, parStream } from '@forkmap/pool';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';
import { taskOf } from '../helpers/tasks.js';

expectNoLeaks(() => warmPool(4));

const ENGINES = ['fork', 'inline', 'spawn'] as const;
const numbers = Array.from({ length: 50 }, (_, at) => ((at * 37) % 101) - 20);
const chain = (options: ParMapOptions, items: ArrayLike<number> = numbers) => par(items, options);

async function streamed(items: Iterable<unknown>, fn: never, options: ParMapOptions) {
  const results = [];
  for await (const result of parStream(items, fn, options)) results.push(result);
  return results;
}

const t = taskOf;
/** Each verb, step and end, of tasks. */
const CALLS: Record<string, (options: ParMapOptions) => unknown> = {
  parMap: (o) => verbs.parMap(numbers, t('withIndex'), o),
  'parMap, asynchronous': (o) => verbs.parMap(numbers, t('later'), o),
  'parMap of typed arrays': (o) => verbs.parMap(Float64Array.from(numbers), t('square'), o),
  'parMap with a seed': (o) => verbs.parMap(numbers, t('draw'), { ...o, seed: 'same' }),
  'parMap with a seed, asynchronous': (o) => verbs.parMap(numbers, t('drawLater'), { ...o, seed: 1 }),
  'parMap, settled': (o) => verbs.parMap(numbers, t('throwsAtSeven'), { ...o, settle: true }),
  'parMap of a default export': (o) => verbs.parMap(numbers, t('default'), o),
  parForEach: (o) => verbs.parForEach(numbers, t('square'), o),
  parFilter: (o) => verbs.parFilter(numbers, t('isEven'), o),
  parFlatMap: (o) => verbs.parFlatMap(numbers, t('twice'), o),
  parReduce: (o) => verbs.parReduce(numbers, t('add'), 0, o),
  'parReduce with combine': (o) => verbs.parReduce(numbers, t('add'), 0, { ...o, combine: t('add') }),
  parSome: (o) => verbs.parSome(numbers, t('isNegative'), o),
  parEvery: (o) => verbs.parEvery(numbers, t('isNegative'), o),
  parFind: (o) => verbs.parFind(numbers, t('isNegative'), o),
  parFindIndex: (o) => verbs.parFindIndex(numbers, t('isNegative'), o),
  parSort: (o) => verbs.parSort(numbers, t('descending'), o),
  'parSort by text': (o) => verbs.parSort([...numbers, undefined], undefined, o),
  'parSort of typed arrays': (o) => verbs.parSort(Int32Array.from(numbers), t('descending'), o),
  parGroupBy: (o) => verbs.parGroupBy(numbers, t('lastDigit'), o),
  parStream: (o) => streamed(numbers, t('withIndex') as never, o),
  join: (o) => new Pool(o).join(t('zero'), t('isChild')).then(([zero]) => zero),
  'Pool.parMap': (o) => new Pool(o).parMap(numbers, t('square')),
  'map, filter': (o) => chain(o).map(t('square')).filter(t('isEven')).collect(),
  'filter alone': (o) => chain(o).filter(t('isEven')).collect(),
  'filterMap, flatMap': (o) => chain(o).filterMap(t('oddOnly')).flatMap(t('twice')).collect(),
  flat: (o) => chain(o).flatMap(t('twice')).collect(),
  'mapInit, inspect': (o) => chain(o).mapInit(t('zero'), t('add')).inspect(t('square')).collect(),
  takeWhile: (o) => chain(o).takeWhile(t('isSmall')).collect(),
  fold: (o) => chain(o).fold(t('zero'), t('add')).sum(),
  enumerate: (o) => chain(o).enumerate().collect(),
  zip: (o) =>
    chain(o)
      .zip(chain(o).map(t('negate')))
      .collect(),
  concat: (o) =>
    chain(o)
      .map(t('square'))
      .concat(chain(o).filter(t('isEven')))
      .collect(),
  'slice, stepBy': (o) => chain(o).slice(3, -3).stepBy(4).map(t('square')).collect(),
  'slice of a filter': (o) => chain(o).filter(t('isEven')).slice(1, 5).map(t('negate')).collect(),
  chunks: (o) => chain(o).chunks(7).map(t('total')).collect(),
  windows: (o) => chain(o, Int8Array.from(numbers)).windows(3).map(t('total')).collect(),
  'count, sum': async (o) => [await chain(o).count(), await chain(o).map(t('square')).sum()],
  'min, max': async (o) => [await chain(o).min(), await chain(o).max(t('descending'))],
  'minBy, maxBy': async (o) => [await chain(o).minBy(t('negate')), await chain(o).maxBy(t('square'))],
  sort: (o) => chain(o).map(t('negate')).sort(t('descending')),
  sortBy: (o) => chain(o).sortBy(t('lastDigit')),
  countBy: (o) => chain(o).countBy(t('lastDigit')),
  partition: (o) => chain(o).partition(t('isEven')),
  'toMap, toSet': async (o) => [await chain(o).map(t('pair')).toMap(), await chain(o).toSet()],
  unzip: (o) => chain(o).map(t('withIndex')).unzip(),
  'join as text': (o) => chain(o).map(t('square')).join('-'),
  'for await': async (o) => {
    const values = [];
    for await (const value of chain(o).map(t('square'))) values.push(value);
    return values;
  },
};

const run = async (call: (options: ParMapOptions) => unknown, engine: (typeof ENGINES)[number]) =>
  await call({ engine, lanes: 2, chunk: 9 });

describe('forked, inline and spawned come to the same', () => {
  it.each(Object.entries(CALLS))('%s', async (_, call) => {
    const [forked, inline, spawned] = [
      await run(call, 'fork'),
      await run(call, 'inline'),
      await run(call, 'spawn'),
    ];
    expect(spawned).toStrictEqual(forked);
    expect(inline).toStrictEqual(forked);
  });

  it('whatever the items and the chunks', async () => {
    const items = fc.array(
      fc.oneof(fc.integer(), fc.double(), fc.string(), fc.date(), fc.dictionary(fc.string(), fc.bigInt())),
    );
    const property = fc.asyncProperty(items, fc.integer({ min: 1, max: 9 }), async (list, chunk) => {
      const options = { chunk, lanes: 2 };
      const spawned = await verbs.parMap(list, t('withIndex'), { ...options, engine: 'spawn' });
      expect(spawned).toStrictEqual(list.map((item, index) => [item, index]));
    });
    await fc.assert(property, { numRuns: 8, seed: 7 });
  });
});

describe('a task', () => {
  it('is called as its export is', async () => {
    expect(taskOf('square')(12)).toBe(144);
    expect(await taskOf('later')(3)).toBe(4);
    expect(() => taskOf('throwsAtSeven')(7)).toThrow(RangeError);
    expect(taskOf('square').exportName).toBe('square');
  });

  it('runs in children of its own, one per lane', async () => {
    const options = { engine: 'spawn', lanes: 2, chunk: 3 } as const;
    const pids = new Set(await verbs.parMap(numbers, t('pidOf'), options));
    expect(pids.size).toBeLessThanOrEqual(2);
    expect(pids).not.toContain(process.pid);
    expect(await verbs.parMap([0], t('isChild'), options)).toEqual([true]);
  });

  it('is forked by default, and runs here with no lanes', async () => {
    expect(await verbs.parMap([0], t('pidOf'), { lanes: 0 })).toEqual([process.pid]);
    expect(await join(t('pidOf'))).not.toContain(process.pid);
  });

  it('gets and gives back instances, where tasks say how they travel', async () => {
    const types = { Point: [t('reducePoint'), t('revivePoint')] as [never, never] };
    const points = await verbs.parMap([t('makePoint')(1), t('makePoint')(2)], t('movePoint'), {
      engine: 'spawn',
      types,
    });
    expect(points).toStrictEqual([t('makePoint')(2), t('makePoint')(3)]);
  });

  it('is set up by a task, once in each process', async () => {
    const options = { engine: 'spawn', lanes: 1, chunk: 1 } as const;
    expect(await verbs.parMap([1, 2], t('wasSetUp'), { ...options, setup: t('setUp') })).toEqual([
      'yes',
      'yes',
    ]);
    const failing = verbs.parMap([1, 2], t('give'), { ...options, setup: t('failsToSetUp') });
    await expect(failing).rejects.toThrow('no set-up');
  });
});
