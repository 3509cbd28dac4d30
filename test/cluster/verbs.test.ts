/** What runs on a cluster comes to the same as at home. */
import { par, parFilter, parForEach, parMap, parReduce, parStream } from '@forkmap/pool';
import { beforeEach, expect, it } from 'vitest';
import { ClusterSetting, clusterTask } from '../helpers/cluster.js';

const setting = new ClusterSetting();
const items = Array.from({ length: 100 }, (_, at) => at);
const engine = () => ({ engine: setting.cluster });

beforeEach(() => setting.startWorker());

it('gives the results in order, whatever the chunks', async () => {
  const double = clusterTask('double');
  expect(await parMap(items, double, { ...engine(), chunk: 7 })).toEqual(items.map((x) => x * 2));
  expect(await parMap(items, double, engine())).toEqual(items.map((x) => x * 2));
  expect(await parMap([], double, engine())).toEqual([]);
});

it('sends what the codec sends', async () => {
  const [first] = (await parMap([5], clusterTask('dated'), engine())) as { when: Date; big: bigint }[];
  expect(first).toEqual({ when: new Date(5), big: 10n ** 20n });
});

it('takes items and results that need more than one key', async () => {
  const large = [new Uint8Array(20 * 2 ** 20), new Uint8Array(3)];
  expect(await parMap(large, clusterTask('sized'), engine())).toEqual([20 * 2 ** 20, 3]);
});

it('runs the other verbs, chains and streams', async () => {
  expect(await parFilter(items, clusterTask('isOdd'), engine())).toEqual(items.filter((x) => x % 2 === 1));
  expect(await par(items, engine()).map(clusterTask('double')).sum()).toBe(9900);
  expect(await parForEach(items, clusterTask('double'), engine())).toBeUndefined();
  const streamed = [];
  for await (const x of parStream(items, clusterTask('double'), engine())) streamed.push(x);
  expect(streamed).toEqual(items.map((x) => x * 2));
  expect(typeof parReduce).toBe('function');
});

it('runs setup once in each process, before its first item', async () => {
  const seen = await parMap(items, clusterTask('sawSetUp'), { ...engine(), setup: clusterTask('setUp') });
  expect(seen.every(Boolean)).toBe(true);
});

it('gives the same random numbers as at home', async () => {
  const options = { seed: 7, chunk: 9 };
  const random = clusterTask('random');
  expect(await parMap(items, random, { ...engine(), ...options })).toEqual(
    await parMap(items, random, { ...options, engine: 'spawn' }),
  );
});

it('says who is there', async () => {
  await setting.startWorker({ release: 'r2', name: 'other' });
  const workers = await setting.cluster.workers();
  expect(workers.map(({ release, lanes }) => [release, lanes]).sort()).toEqual([
    ['r1', 2],
    ['r2', 2],
  ]);
  expect(await setting.cluster.load()).toMatchObject({ waiting: 0, lanes: 2 });
});
