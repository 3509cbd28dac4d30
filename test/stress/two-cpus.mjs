/**
 * parMap against the serial loop. Settings: items=8000 us=50 (CPU of one item) trials=9 lanes=2.
 */
import { parMap } from '@forkmap/pool';
import { quantile, report, setting, spread } from './lib.mjs';

const items = Array.from({ length: setting('items', 8_000) }, (_, i) => i);
const us = setting('us', 50);
const lanes = setting('lanes', 2);

/** @param {number} rounds @param {number} seed */
function spin(rounds, seed) {
  let x = seed | 1;
  for (let i = 0; i < rounds; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  return x;
}

/** How many rounds take so long, on this machine and as it is now. */
function calibrate() {
  spin(1e7, 1);
  const startedMs = performance.now();
  spin(1e8, 1);
  return Math.round((us / 1_000 / (performance.now() - startedMs)) * 1e8);
}

const rounds = calibrate();
const work = (/** @type {number} */ item) => spin(rounds, item);
const expected = items.map(work);
/** @type {number[]} */
const serial = [];
/** @type {number[]} */
const parallel = [];
for (let i = 0; i < setting('trials', 9); i++) {
  let startedMs = performance.now();
  items.map(work);
  serial.push(performance.now() - startedMs);
  startedMs = performance.now();
  const results = await parMap(items, work, { lanes });
  parallel.push(performance.now() - startedMs);
  if (results.some((result, at) => result !== expected[at])) throw new Error('wrong results');
}
const ratios = serial.map((ms, i) => ms / /** @type {number} */ (parallel[i]));
report('parMap against the serial loop', {
  speedUp: quantile(ratios, 0.5),
  ratios: spread(ratios),
  serialMs: spread(serial),
  parallelMs: spread(parallel),
});
