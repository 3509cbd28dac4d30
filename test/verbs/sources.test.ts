import { par, parFilter, parFind, parGroupBy, parMap, parReduce, parSort } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';

expectNoLeaks(() => warmPool(8));

const options = { chunk: 3, lanes: 2 };
function* naturals(count: number) {
  for (let i = 0; i < count; i++) yield i;
}

const sources: [name: string, make: () => Iterable<unknown> | ArrayLike<unknown>][] = [
  ['an array with holes', () => Object.assign(new Array(7), { 0: 1, 2: 3, 5: 6, 6: 7 })],
  ['a Float64Array', () => Float64Array.of(3.5, -0, Number.NaN, 1, 2, 9, 8)],
  ['a BigInt64Array', () => BigInt64Array.of(5n, 4n, 3n, 2n, 1n)],
  ['a Buffer', () => Buffer.from('buffered')],
  ['a Set', () => new Set([5, 'five', 5, null, undefined, 7])],
  [
    'a Map',
    () =>
      new Map([
        ['a', 1],
        ['b', 2],
        ['c', 3],
        ['d', 4],
      ]),
  ],
  ['a generator', () => naturals(11)],
  ['a string', () => 'naïve 👩‍🚀 text'],
  ['an object with a length', () => ({ length: 5, 0: 'a', 3: 'd' })],
];

describe.each(sources)('%s', (_, make) => {
  it('is seen as by Array.from', async () => {
    const list = Array.from(make());
    const show = (x: unknown, i: number) => `${i}:${String(x)}`;
    expect(await par(make(), options).map(show).collect()).toStrictEqual(list.map(show));
    expect(await par(make(), options).collect()).toStrictEqual(list);
    expect(await par(make(), options).count()).toBe(list.length);
    expect(await parFilter(make(), (_, i) => i % 2 === 1, options)).toStrictEqual(
      list.filter((_, i) => i % 2 === 1),
    );
  });
});

describe('items that are not touched by a step', () => {
  class Secret {
    readonly #key = Symbol('never sent');
    constructor(readonly index: number) {}
    get isOdd(): boolean {
      return typeof this.#key === 'symbol' && this.index % 2 === 1;
    }
  }
  const secrets = Array.from({ length: 10 }, (_, index) => new Secret(index));
  const odd = secrets.filter((s) => s.isOdd);
  const isOdd = (s: Secret) => s.isOdd;

  it('come back as they are, though they could not be sent', async () => {
    expect(await parFilter(secrets, isOdd, options)).toSatisfy(isSame(odd));
    expect(await parFind(secrets, (s) => s.index === 7, options)).toBe(secrets[7]);
    expect(await parSort(secrets, (a, b) => b.index - a.index, options)).toSatisfy(
      isSame([...secrets].reverse()),
    );
    expect((await parGroupBy(secrets, isOdd, options)).get(true)).toSatisfy(isSame(odd));
    const chain = par(secrets, options).filter(isOdd).inspect(isOdd).takeWhile(isOdd);
    expect(await chain.collect()).toSatisfy(isSame(odd));
    expect(await chain.maxBy((s) => s.index)).toBe(secrets[9]);
    expect(await chain.min((a, b) => a.index - b.index)).toBe(secrets[1]);
    expect((await chain.partition((s) => s.index > 4))[0]).toSatisfy(isSame(odd.slice(2)));
    expect([...(await chain.toSet())]).toSatisfy(isSame(odd));
    expect(await chain.sortBy((s) => -s.index)).toSatisfy(isSame([...odd].reverse()));
    expect(await chain.findAny((s) => s.index === 3)).toBe(secrets[3]);
    expect(await chain.skip(1).take(2).collect()).toSatisfy(isSame([secrets[3], secrets[5]]));
    expect(await par(secrets, options).concat(odd).stepBy(9).collect()).toSatisfy(
      isSame([secrets[0], secrets[9]]),
    );
  });

  function isSame(expected: unknown[]) {
    return (list: unknown[]) =>
      list.length === expected.length && list.every((item, at) => item === expected[at]);
  }
});

describe('the list', () => {
  it('is copied in the call itself', async () => {
    const list = [1, 2, 3];
    const chain = par(list, options);
    const sum = parReduce(list, (a, b) => a + b, 0, options);
    list.length = 0;
    expect(await sum).toBe(6);
    expect(await chain.sum()).toBe(6);
  });

  it('can be gone through again, also where it was a generator', async () => {
    const chain = par(naturals(7), options).map((x) => x * 2);
    expect(await chain.sum()).toBe(42);
    expect(await chain.collect()).toEqual([0, 2, 4, 6, 8, 10, 12]);
  });

  it('is seen with the world as it is when the chain is run, not as it was made', async () => {
    let factor = 1;
    const chain = par([1, 2, 3], options).map((x) => x * factor);
    factor = 10;
    expect(await chain.collect()).toEqual([10, 20, 30]);
  });
});

it('verbs run inline in a child', async () => {
  const inChild = await parMap(
    [1],
    async () => {
      const pid = process.pid;
      const list = [4, 1, 3];
      return [
        await par(list)
          .map(() => process.pid === pid)
          .every(Boolean),
        await par(list)
          .map(() => process.pid)
          .toSet()
          .then((pids) => pids.size),
        await parFilter(list, (x) => x > 1),
        await parSort(list),
        await parReduce(list, (a, b) => a + b, 0),
        await par(list)
          .filter((x) => x > 1)
          .chunks(1)
          .collect(),
      ];
    },
    options,
  );
  expect(inChild).toEqual([[true, 1, [4, 3], [1, 3, 4], 8, [[4], [3]]]]);
});
