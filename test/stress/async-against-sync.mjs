/**
 * What a chunk costs more where the function is asynchronous: the same call with both, in turns, a chunk after the other.
 * Settings: trials=40 chunks=8 items=512 mib=0.
 */
import { parMap } from '@forkmap/pool';
import { growTo, quantile, report, setting, spread } from './lib.mjs';

const trials = setting('trials', 40);
const chunks = setting('chunks', 8);
const items = setting('items', 512);
const WARM_UPS = 5;

/** @type {Record<string, (item: number) => unknown>} */
const functions = {
  sync: (item) => item + 1,
  async: async (item) => item + 1,
  'async with an await': async (item) => (await item) + 1,
  'async with a turn of the loop': (item) => new Promise((resolve) => setImmediate(resolve, item + 1)),
};

/** @param {(item: number) => unknown} fn milliseconds per chunk */
async function msPerChunk(fn) {
  const list = Array.from({ length: chunks * items }, (_, i) => i);
  const startedMs = performance.now();
  const results = await parMap(list, fn, { chunk: items, lanes: 1 });
  const ms = (performance.now() - startedMs) / chunks;
  if (results.at(-1) !== list.length) throw new Error(`a wrong result: ${results.at(-1)}`);
  return ms;
}

growTo(setting('mib', 0));
const names = Object.keys(functions);
/** @type {Record<string, number[]>} */
const taken = Object.fromEntries(names.map((name) => [name, []]));
for (let trial = -WARM_UPS; trial < trials; trial++) {
  for (const name of names) {
    const ms = await msPerChunk(/** @type {(item: number) => unknown} */ (functions[name]));
    if (trial >= 0) taken[name]?.push(ms);
  }
}
const sync = taken.sync ?? [];
for (const name of names) {
  const ms = taken[name] ?? [];
  report(`a chunk of ${items}, ${name}`, {
    ratio: quantile(ms, 0.5) / quantile(sync, 0.5),
    // WHY also in pairs: what the machine does besides strikes both of a pair.
    ratioInPairs: spread(ms.map((one, i) => one / (sync[i] ?? Number.NaN))),
    msPerChunk: spread(ms),
    rssMib: Math.round(process.memoryUsage.rss() / 2 ** 20),
  });
}
