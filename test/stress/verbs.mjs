/**
 * Sum of ten millions, a sort by a costly comparator, and a search that ends near the front: each against its serial
 * counterpart, in turns, answers checked. Settings: trials=5.
 */
import { par, parFind, parSort } from '@forkmap/pool';
import { msOf, quantile, report, setting, spread } from './lib.mjs';

const trials = setting('trials', 5);
const MILLION = 1_000_000;
const numbers = Float64Array.from({ length: 10 * MILLION }, (_, i) => i % 1000);
const objects = Array.from({ length: MILLION }, (_, i) => ({ id: i, name: `name ${(i * 7919) % MILLION}` }));
const collator = new Intl.Collator('en', { numeric: true });
/** @param {{ name: string }} a @param {{ name: string }} b */
const byName = (a, b) => collator.compare(a.name, b.name);
/** @param {number} x */
const weigh = (x) => {
  let sum = x;
  for (let i = 0; i < 20; i++) sum = Math.sqrt(sum + i);
  return sum;
};
const nearFront = 20_000;

/** @type {{ what: string, serial: () => unknown, parallel: () => Promise<unknown>, digest?: (value: any) => unknown }[]} */
const pairs = [
  {
    what: 'sum of 10,000,000 square roots',
    serial: () => Math.round(numbers.reduce((sum, x) => sum + weigh(x), 0)),
    parallel: async () => Math.round(await par(numbers).map(weigh).sum()),
  },
  {
    what: 'parSort of 1,000,000 objects, a collator compares',
    serial: () => [...objects].sort(byName),
    parallel: () => parSort(objects, byName),
    digest: (/** @type {{ id: number }[]} */ sorted) => sorted.map(({ id }) => id).join(),
  },
  {
    what: `find item ${nearFront} of 1,000,000, 20 square roots each`,
    serial: () => objects.find(({ id }) => weigh(id) > 0 && id === nearFront)?.id,
    parallel: async () => (await parFind(objects, ({ id }) => weigh(id) > 0 && id === nearFront))?.id,
  },
];

for (const { what, serial, parallel, digest = (value) => value } of pairs) {
  /** @type {number[]} */
  const serialMs = [];
  /** @type {number[]} */
  const parallelMs = [];
  for (let i = 0; i < trials; i++) {
    /** @type {unknown} */
    let expected;
    serialMs.push(msOf(() => (expected = serial())));
    const startedMs = performance.now();
    const got = await parallel();
    parallelMs.push(performance.now() - startedMs);
    if (digest(got) !== digest(expected)) throw new Error(`${what}: not what the serial loop gives`);
  }
  report(what, {
    speedUp: quantile(serialMs, 0.5) / quantile(parallelMs, 0.5),
    serialMs: spread(serialMs),
    parallelMs: spread(parallelMs),
  });
}
