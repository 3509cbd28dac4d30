/** Kinds of results, as functions give them back: a batch of each. */

const BATCH = 512;

const makers = {
  numbers: (i: number) => i * 1.1,
  strings: (i: number) => `result ${i} of the batch`,
  'flat records': (i: number) => ({ id: i, name: `name ${i}`, score: i / 3, isLarge: i % 2 === 0 }),
  'nested records': (i: number) => ({
    id: i,
    at: new Date(1.7e12 + i),
    tags: new Map([
      ['first', [i, i + 1]],
      ['second', [i / 2]],
    ]),
    owner: { name: `owner ${i % 10}`, roles: new Set(['reader', 'writer']) },
  }),
  'typed arrays': (i: number) => new Float64Array(64).fill(i),
  mixed: (i: number) =>
    [
      i,
      `text ${i}`,
      -0,
      undefined,
      10n ** 20n,
      { deep: [{ er: i }] },
      new Date(i),
      Object.assign(new Array(2), { 1: i }),
      /x/g,
      null,
    ][i % 10],
};

export type ValueKind = keyof typeof makers;
export const valueKinds = Object.keys(makers) as ValueKind[];

export function valuesOf(kind: ValueKind): unknown[] {
  return Array.from({ length: BATCH }, (_, i) => makers[kind](i));
}
