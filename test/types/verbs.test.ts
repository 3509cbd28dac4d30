import {
  join,
  Pool,
  par,
  parFilter,
  parFind,
  parFlatMap,
  parGroupBy,
  parMap,
  parReduce,
  parSort,
  parStream,
} from '@forkmap/pool';
import { describe, expectTypeOf, it } from 'vitest';

interface Dog {
  kind: 'dog';
  name: string;
}
interface Cat {
  kind: 'cat';
  lives: number;
}
declare const pets: (Dog | Cat)[];
declare const numbers: number[];
const isDog = (pet: Dog | Cat): pet is Dog => pet.kind === 'dog';

/** Never called: what is in it is for the type checker alone. */
const onlyTypes = (_: () => unknown) => undefined;

describe('types are inferred', () => {
  it('by the short forms', () => {
    onlyTypes(() => {
      expectTypeOf(parMap(pets, (pet, i) => `${pet.kind}${i}`)).resolves.toEqualTypeOf<string[]>();
      expectTypeOf(parMap([1], async (x) => x, { settle: true })).resolves.toEqualTypeOf<
        PromiseSettledResult<number>[]
      >();
      expectTypeOf(parFilter(pets, (pet) => pet.kind.length > 2)).resolves.toEqualTypeOf<(Dog | Cat)[]>();
      expectTypeOf(parFilter(pets, isDog)).resolves.toEqualTypeOf<Dog[]>();
      expectTypeOf(parFind(pets, isDog)).resolves.toEqualTypeOf<Dog | undefined>();
      expectTypeOf(parFlatMap(numbers, (x) => [x, String(x)])).resolves.toEqualTypeOf<(string | number)[]>();
      expectTypeOf(parReduce(numbers, (a, b) => a + b, 0)).resolves.toEqualTypeOf<number>();
      expectTypeOf(
        parReduce(['a'], (n: number, s) => n + s.length, 0, { combine: (a, b) => a + b }),
      ).resolves.toEqualTypeOf<number>();
      expectTypeOf(parSort(Float32Array.of(1))).resolves.toMatchTypeOf<Float32Array>();
      expectTypeOf(
        parSort(BigInt64Array.of(1n), (a, b) => Number(a - b)),
      ).resolves.toMatchTypeOf<BigInt64Array>();
      expectTypeOf(parSort(pets, (a, b) => a.kind.localeCompare(b.kind))).resolves.toEqualTypeOf<
        (Dog | Cat)[]
      >();
      expectTypeOf(parGroupBy(pets, (pet) => pet.kind)).resolves.toEqualTypeOf<
        Map<'dog' | 'cat', (Dog | Cat)[]>
      >();
      expectTypeOf(
        join(
          () => 1,
          async () => 'a',
        ),
      ).resolves.toEqualTypeOf<[number, string]>();
    });
  });

  it('through every step of a chain', () => {
    onlyTypes(() => {
      const chain = par(pets);
      expectTypeOf(chain.map((pet) => pet.kind).collect()).resolves.toEqualTypeOf<('dog' | 'cat')[]>();
      expectTypeOf(chain.map(async () => 1n).sum()).resolves.toEqualTypeOf<bigint | 0>();
      expectTypeOf(
        chain
          .filter(isDog)
          .map((dog) => dog.name)
          .join(),
      ).resolves.toEqualTypeOf<string>();
      expectTypeOf(
        chain.filterMap((pet) => (isDog(pet) ? pet.name : undefined)).collect(),
      ).resolves.toEqualTypeOf<string[]>();
      expectTypeOf(chain.flatMap((pet) => [pet.kind.length]).collect()).resolves.toEqualTypeOf<number[]>();
      expectTypeOf(
        par([[1], [2]])
          .flat()
          .collect(),
      ).resolves.toEqualTypeOf<number[]>();
      expectTypeOf(
        par([[[1]]])
          .flat(2)
          .collect(),
      ).resolves.toEqualTypeOf<number[]>();
      expectTypeOf(chain.enumerate().collect()).resolves.toEqualTypeOf<[index: number, value: Dog | Cat][]>();
      expectTypeOf(chain.zip(numbers).unzip()).resolves.toEqualTypeOf<[(Dog | Cat)[], number[]]>();
      expectTypeOf(chain.zip(par(numbers).filter(Boolean)).toMap()).resolves.toEqualTypeOf<
        Map<Dog | Cat, number>
      >();
      expectTypeOf(chain.concat(['x']).collect()).resolves.toEqualTypeOf<(Dog | Cat | string)[]>();
      expectTypeOf(chain.chunks(2).windows(2).collect()).resolves.toEqualTypeOf<(Dog | Cat)[][][]>();
      expectTypeOf(
        chain
          .mapInit(
            async () => new Map<string, 1>(),
            (map, pet) => map.get(pet.kind),
          )
          .collect(),
      ).resolves.toEqualTypeOf<(1 | undefined)[]>();
      expectTypeOf(
        chain
          .fold(
            () => '',
            (text, pet) => text + pet.kind,
          )
          .reduce((a, b) => a + b, ''),
      ).resolves.toEqualTypeOf<string>();
      expectTypeOf(chain.partition(isDog)).resolves.toEqualTypeOf<[Dog[], Cat[]]>();
      expectTypeOf(chain.countBy((pet) => pet.kind)).resolves.toEqualTypeOf<Map<'dog' | 'cat', number>>();
      expectTypeOf(chain.takeWhile(isDog).find((dog) => dog.name === 'x')).resolves.toEqualTypeOf<
        Dog | undefined
      >();
      expectTypeOf(chain.minBy((pet) => pet.kind)).resolves.toEqualTypeOf<Dog | Cat | undefined>();
      expectTypeOf(chain[Symbol.asyncIterator]().next()).resolves.toEqualTypeOf<
        IteratorResult<Dog | Cat, void>
      >();
    });
  });

  it('of any kind of list', () => {
    onlyTypes(() => {
      expectTypeOf(par(Float64Array.of(1)).sum()).resolves.toEqualTypeOf<number>();
      expectTypeOf(par(new Set(['a'])).collect()).resolves.toEqualTypeOf<string[]>();
      expectTypeOf(par(new Map([['a', 1]])).toMap()).resolves.toEqualTypeOf<Map<string, number>>();
      expectTypeOf(par({ length: 1, 0: 'a' } as ArrayLike<string>).toSet()).resolves.toEqualTypeOf<
        Set<string>
      >();
      expectTypeOf(par('text').max()).resolves.toEqualTypeOf<string | undefined>();
    });
  });

  it('by streams and pools', () => {
    onlyTypes(() => {
      const pool = new Pool({ lanes: 2 });
      expectTypeOf(parStream(numbers, (x) => String(x))).toEqualTypeOf<
        AsyncGenerator<string, void, undefined>
      >();
      expectTypeOf(
        parStream(new ReadableStream<Dog>(), async (dog) => dog.name, { ordered: false }).next(),
      ).resolves.toEqualTypeOf<IteratorResult<string, void>>();
      expectTypeOf(parStream([1], (x) => x, { settle: true })).toEqualTypeOf<
        AsyncGenerator<PromiseSettledResult<number>, void, undefined>
      >();
      expectTypeOf(pool.parFilter(pets, isDog)).resolves.toEqualTypeOf<Dog[]>();
      expectTypeOf(pool.par(pets).filter(isDog).collect()).resolves.toEqualTypeOf<Dog[]>();
      expectTypeOf(
        pool.join(
          () => 1,
          () => 'a',
        ),
      ).resolves.toEqualTypeOf<[number, string]>();
      expectTypeOf(pool.stats().chunkMs.p99).toEqualTypeOf<number>();
    });
  });
});

describe('misuse is an error', () => {
  it('of an index where places are not known', () => {
    onlyTypes(() => {
      const byIndex = (x: number, i: number) => x * i;
      const some = par(numbers).filter(Boolean);
      par(numbers).map(byIndex);
      some.enumerate().map(([i, x]) => byIndex(x, i));
      some.take(3).map(byIndex);
      // @ts-expect-error after a filter, values have no index
      some.map(byIndex);
      // @ts-expect-error nor in an end
      some.find(byIndex);
      // @ts-expect-error what is added may have no places
      par(numbers).concat(some).map(byIndex);
    });
  });

  it('of values that an end cannot take', () => {
    onlyTypes(() => [
      // @ts-expect-error texts are not summed
      par(['a']).sum(),
      // @ts-expect-error nor made a Map
      par(['a']).toMap(),
      // @ts-expect-error nor unzipped
      par(numbers).unzip(),
      // @ts-expect-error what is reduced stays of its kind, or `combine` is needed
      parReduce(['a'], (n: number, s: string) => n + s.length, 0),
      // @ts-expect-error a comparator gives a number
      parSort(numbers, (a, b) => a > b),
    ]);
  });

  it('of options', () => {
    onlyTypes(() => [
      // @ts-expect-error there is no such option
      par(numbers, { chunks: 3 }),
      // @ts-expect-error only streams have an order to give up
      parFilter(numbers, Boolean, { ordered: false }),
      // @ts-expect-error a number, or 'auto'
      new Pool({ chunk: 'big' }),
      // @ts-expect-error functions, not values
      join(1),
    ]);
  });
});
