import type { ParMapOptions } from '@forkmap/pool';
import {
  par,
  parEvery,
  parFilter,
  parFind,
  parFindIndex,
  parFlatMap,
  parForEach,
  parGroupBy,
  parMap,
  parReduce,
  parSome,
  parSort,
} from '@forkmap/pool';

/** A verb, and what does the same to a list in this process. */
export type Counterpart = readonly [
  name: string,
  parallel: (list: number[], options: ParMapOptions) => Promise<unknown>,
  serial: (list: number[]) => unknown,
];

const isOdd = (x: number) => x % 2 !== 0;
const isBig = (x: number) => x > 40;
const digits = (x: number) => String(x).split('');
const byLastDigit = (a: number, b: number) => (a % 10) - (b % 10);
const later = async <R>(value: R): Promise<R> => {
  await Promise.resolve();
  return value;
};

function groups<K>(list: number[], key: (x: number) => K): Map<K, number[]> {
  const map = new Map<K, number[]>();
  for (const x of list) map.set(key(x), [...(map.get(key(x)) ?? []), x]);
  return map;
}

function chunked<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
    list.slice(at * size, (at + 1) * size),
  );
}

function windowed<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.max(0, list.length - size + 1) }, (_, at) => list.slice(at, at + size));
}

function takenWhile(list: number[], test: (x: number) => boolean): number[] {
  const end = list.findIndex((x) => !test(x));
  return end < 0 ? list : list.slice(0, end);
}

const best = (list: number[], isBetter: (a: number, b: number) => boolean) =>
  list.reduce<number | undefined>(
    (found, x) => (found === undefined || isBetter(x, found) ? x : found),
    undefined,
  );

/** The short forms. */
export const SHORT_FORMS: Counterpart[] = [
  ['parMap', (l, o) => parMap(l, (x, i) => x * i, o), (l) => l.map((x, i) => x * i)],
  ['parForEach', (l, o) => parForEach(l, isOdd, o), () => undefined],
  ['parFilter', (l, o) => parFilter(l, isOdd, o), (l) => l.filter(isOdd)],
  ['parFilter by index', (l, o) => parFilter(l, (_, i) => isOdd(i), o), (l) => l.filter((_, i) => isOdd(i))],
  ['parFlatMap', (l, o) => parFlatMap(l, digits, o), (l) => l.flatMap(digits)],
  ['parReduce', (l, o) => parReduce(l, (a, b) => a + b, 100, o), (l) => l.reduce((a, b) => a + b, 100)],
  [
    'parReduce with combine',
    (l, o) => parReduce(l, (t, x) => t + digits(x).length, 0, { ...o, combine: (a, b) => a + b }),
    (l) => l.reduce((t, x) => t + digits(x).length, 0),
  ],
  ['parSome', (l, o) => parSome(l, isBig, o), (l) => l.some(isBig)],
  ['parEvery', (l, o) => parEvery(l, isOdd, o), (l) => l.every(isOdd)],
  ['parFind', (l, o) => parFind(l, isBig, o), (l) => l.find(isBig)],
  ['parFindIndex', (l, o) => parFindIndex(l, isBig, o), (l) => l.findIndex(isBig)],
  ['parSort', (l, o) => parSort(l, undefined, o), (l) => [...l].sort()],
  ['parSort by comparator', (l, o) => parSort(l, byLastDigit, o), (l) => [...l].sort(byLastDigit)],
  ['parGroupBy', (l, o) => parGroupBy(l, (x) => x % 3, o), (l) => groups(l, (x) => x % 3)],
];

/** Steps of a chain, alone and after a filter, where places are no longer known. */
export const STEPS: Counterpart[] = [
  [
    'map',
    (l, o) =>
      par(l, o)
        .map((x, i) => x + i)
        .collect(),
    (l) => l.map((x, i) => x + i),
  ],
  ['map, asynchronous', (l, o) => par(l, o).map(later).collect(), (l) => l],
  [
    'filter.map.filter',
    (l, o) =>
      par(l, o)
        .filter(isOdd)
        .map((x) => x * 3)
        .filter(isBig)
        .collect(),
    (l) =>
      l
        .filter(isOdd)
        .map((x) => x * 3)
        .filter(isBig),
  ],
  [
    'filter, asynchronous',
    (l, o) =>
      par(l, o)
        .filter((x) => later(isOdd(x)))
        .collect(),
    (l) => l.filter(isOdd),
  ],
  [
    'filterMap',
    (l, o) =>
      par(l, o)
        .filterMap((x) => (isOdd(x) ? [x] : undefined))
        .collect(),
    (l) => l.filter(isOdd).map((x) => [x]),
  ],
  ['flatMap', (l, o) => par(l, o).flatMap(digits).collect(), (l) => l.flatMap(digits)],
  [
    'flatMap of no array',
    (l, o) =>
      par(l, o)
        .flatMap((x) => x + 0)
        .collect(),
    (l) => l,
  ],
  [
    'flat',
    (l, o) =>
      par(l, o)
        .flatMap((x) => [[x], x])
        .collect(),
    (l) => l.flatMap((x) => [[x], x]),
  ],
  [
    'flat(2)',
    (l, o) =>
      par(l, o)
        .map((x) => [[x], x])
        .flat(2)
        .collect(),
    (l) => l.map((x) => [[x], x]).flat(2),
  ],
  ['inspect', (l, o) => par(l, o).inspect(isOdd).collect(), (l) => l],
  ['enumerate', (l, o) => par(l, o).enumerate().collect(), (l) => [...l.entries()]],
  [
    'filter.enumerate',
    (l, o) => par(l, o).filter(isOdd).enumerate().collect(),
    (l) => [...l.filter(isOdd).entries()],
  ],
  ['zip', (l, o) => par(l, o).zip(l.slice(1)).collect(), (l) => l.slice(1).map((x, i) => [l[i], x])],
  [
    'zip of chains',
    (l, o) => par(l, o).map(later).zip(par(l).filter(isOdd)).collect(),
    (l) => l.filter(isOdd).map((x, i) => [l[i], x]),
  ],
  [
    'concat',
    (l, o) =>
      par(l, o)
        .concat([1, 2])
        .map((x, i) => x * i)
        .collect(),
    (l) => [...l, 1, 2].map((x, i) => x * i),
  ],
  [
    'filter.concat of a chain',
    (l, o) =>
      par(l, o)
        .filter(isOdd)
        .concat(par(l).map((x, i) => x * i))
        .collect(),
    (l) => l.filter(isOdd).concat(l.map((x, i) => x * i)),
  ],
  [
    'slice',
    (l, o) =>
      par(l, o)
        .slice(2, -1)
        .map((x, i) => [x, i])
        .collect(),
    (l) => l.slice(2, -1).map((x, i) => [x, i]),
  ],
  ['filter.slice', (l, o) => par(l, o).filter(isOdd).slice(-3).collect(), (l) => l.filter(isOdd).slice(-3)],
  ['take', (l, o) => par(l, o).take(3).collect(), (l) => l.slice(0, 3)],
  [
    'filter.take.map',
    (l, o) =>
      par(l, o)
        .filter(isOdd)
        .take(3)
        .map((x, i) => x * i)
        .collect(),
    (l) =>
      l
        .filter(isOdd)
        .slice(0, 3)
        .map((x, i) => x * i),
  ],
  ['skip', (l, o) => par(l, o).skip(3).collect(), (l) => l.slice(3)],
  [
    'takeWhile',
    (l, o) =>
      par(l, o)
        .takeWhile((x) => !isBig(x))
        .collect(),
    (l) => takenWhile(l, (x) => !isBig(x)),
  ],
  [
    'map.takeWhile.flatMap',
    (l, o) =>
      par(l, o)
        .map(later)
        .takeWhile((x) => later(!isBig(x)))
        .flatMap(digits)
        .collect(),
    (l) => takenWhile(l, (x) => !isBig(x)).flatMap(digits),
  ],
  ['stepBy', (l, o) => par(l, o).stepBy(3).collect(), (l) => l.filter((_, i) => i % 3 === 0)],
  ['chunks', (l, o) => par(l, o).chunks(3).collect(), (l) => chunked(l, 3)],
  [
    'filter.chunks.map',
    (l, o) =>
      par(l, o)
        .filter(isOdd)
        .chunks(2)
        .map((c) => c.length)
        .collect(),
    (l) => chunked(l.filter(isOdd), 2).map((c) => c.length),
  ],
  ['windows', (l, o) => par(l, o).windows(2).collect(), (l) => windowed(l, 2)],
  ['map.windows', (l, o) => par(l, o).map(later).windows(3).collect(), (l) => windowed(l, 3)],
  [
    'mapInit',
    (l, o) =>
      par(l, o)
        .mapInit(
          () => [7],
          (s, x, i) => x + i + (s[0] ?? 0),
        )
        .collect(),
    (l) => l.map((x, i) => x + i + 7),
  ],
  [
    'filter.mapInit',
    (l, o) =>
      par(l, o)
        .filter(isOdd)
        .mapInit(
          () => later(7),
          (s, x) => x + s,
        )
        .collect(),
    (l) => l.filter(isOdd).map((x) => x + 7),
  ],
  [
    'fold.sum',
    (l, o) =>
      par(l, o)
        .fold(
          () => 0,
          (t, x) => t + x,
        )
        .sum(),
    (l) => l.reduce((a, b) => a + b, 0),
  ],
  [
    'fold.reduce, asynchronous and in order',
    (l, o) =>
      par(l, o)
        .map(later)
        .fold(
          () => later(''),
          (t, x) => later(`${t}${x};`),
        )
        .reduce((a, b) => later(a + b), ''),
    (l) => l.map((x) => `${x};`).join(''),
  ],
  ['withOptions', (l, o) => par(l).map(String).withOptions(o).collect(), (l) => l.map(String)],
];

/** What a chain can end in. */
export const ENDS: Counterpart[] = [
  ['collect', (l, o) => par(l, o).collect(), (l) => l],
  ['forEach', (l, o) => par(l, o).forEach(later), () => undefined],
  [
    'reduce',
    (l, o) => par(l.map(String), o).reduce((a, b) => a + b, 'x'),
    (l) => l.map(String).reduce((a, b) => a + b, 'x'),
  ],
  [
    'reduce, asynchronous',
    (l, o) => par(l.map(String), o).reduce((a, b) => later(a + b), ''),
    (l) => l.map(String).join(''),
  ],
  ['count', (l, o) => par(l, o).filter(isOdd).count(), (l) => l.filter(isOdd).length],
  ['sum', (l, o) => par(l, o).sum(), (l) => l.reduce((a, b) => a + b, 0)],
  [
    'sum of bigints',
    (l, o) => par(l.map(BigInt), o).sum().then(BigInt),
    (l) => l.map(BigInt).reduce((a, b) => a + b, 0n),
  ],
  ['min', (l, o) => par(l, o).min(), (l) => best(l, (a, b) => a < b)],
  [
    'max',
    (l, o) =>
      par(l, o)
        .map((x) => x)
        .max(),
    (l) => best(l, (a, b) => a > b),
  ],
  [
    'min by comparator',
    (l, o) => par(l, o).min(byLastDigit),
    (l) => best(l, (a, b) => byLastDigit(a, b) < 0),
  ],
  [
    'max by comparator',
    (l, o) => par(l, o).max(byLastDigit),
    (l) => best(l, (a, b) => byLastDigit(a, b) > 0),
  ],
  ['minBy', (l, o) => par(l, o).minBy((x) => x % 10), (l) => best(l, (a, b) => a % 10 < b % 10)],
  [
    'maxBy',
    (l, o) =>
      par(l, o)
        .map((x) => x)
        .maxBy((x) => later(x % 10)),
    (l) => best(l, (a, b) => a % 10 > b % 10),
  ],
  ['some', (l, o) => par(l, o).some(isBig), (l) => l.some(isBig)],
  ['every', (l, o) => par(l, o).every((x) => later(isOdd(x))), (l) => l.every(isOdd)],
  ['find', (l, o) => par(l, o).find(isBig), (l) => l.find(isBig)],
  [
    'map.find',
    (l, o) =>
      par(l, o)
        .map((x) => x + 1)
        .find((x) => later(isBig(x))),
    (l) => l.map((x) => x + 1).find(isBig),
  ],
  [
    'findAny',
    (l, o) =>
      par(l, o)
        .findAny(isBig)
        .then((x) => x !== undefined),
    (l) => l.some(isBig),
  ],
  ['findIndex', (l, o) => par(l, o).findIndex(isBig), (l) => l.findIndex(isBig)],
  [
    'filter.findIndex',
    (l, o) => par(l, o).filter(isOdd).findIndex(isBig),
    (l) => l.filter(isOdd).findIndex(isBig),
  ],
  ['partition', (l, o) => par(l, o).partition(isOdd), (l) => [l.filter(isOdd), l.filter((x) => !isOdd(x))]],
  [
    'map.partition',
    (l, o) =>
      par(l, o)
        .map(String)
        .partition((x) => later(x.length > 1)),
    (l) => [l.map(String).filter((x) => x.length > 1), l.map(String).filter((x) => x.length <= 1)],
  ],
  ['groupBy', (l, o) => par(l, o).groupBy((x) => x % 3), (l) => groups(l, (x) => x % 3)],
  [
    'map.groupBy',
    (l, o) =>
      par(l, o)
        .map((x) => -x)
        .groupBy((x) => later(`k${x % 3}`)),
    (l) =>
      groups(
        l.map((x) => -x),
        (x) => `k${x % 3}`,
      ),
  ],
  [
    'countBy',
    (l, o) => par(l, o).countBy((x) => x % 3),
    (l) => new Map([...groups(l, (x) => x % 3)].map(([k, v]) => [k, v.length])),
  ],
  ['unzip', (l, o) => par(l, o).enumerate().unzip(), (l) => [[...l.keys()], l]],
  ['join', (l, o) => par(l, o).join('-'), (l) => l.join('-')],
  [
    'toMap',
    (l, o) =>
      par(l, o)
        .map((x) => [x % 5, x] as const)
        .toMap(),
    (l) => new Map(l.map((x) => [x % 5, x] as const)),
  ],
  ['toSet', (l, o) => par(l, o).toSet(), (l) => new Set(l)],
  [
    'map.toSet',
    (l, o) =>
      par(l, o)
        .map((x) => x % 7)
        .toSet(),
    (l) => new Set(l.map((x) => x % 7)),
  ],
  ['sort', (l, o) => par(l, o).sort(), (l) => [...l].sort()],
  [
    'map.sort',
    (l, o) =>
      par(l, o)
        .map((x) => ({ x }))
        .sort((a, b) => byLastDigit(a.x, b.x)),
    (l) => l.map((x) => ({ x })).sort((a, b) => byLastDigit(a.x, b.x)),
  ],
  ['sortBy', (l, o) => par(l, o).sortBy((x) => x % 10), (l) => [...l].sort(byLastDigit)],
  [
    'map.sortBy',
    (l, o) =>
      par(l, o)
        .map((x) => [x])
        .sortBy(([x = 0]) => later(x % 10)),
    (l) => [...l].sort(byLastDigit).map((x) => [x]),
  ],
  [
    'for await',
    async (l, o) => {
      const all = [];
      for await (const x of par(l, o).map(digits)) all.push(x);
      return all;
    },
    (l) => l.map(digits),
  ],
];
