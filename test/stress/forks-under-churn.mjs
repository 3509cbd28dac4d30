/**
 * Forks while the origin collects garbage and compiles, and two worker threads of the user's never rest; each child
 * collects and compiles as well. Settings: forks=1000 limit=30000 (ms after which a child is called hanging).
 */
import { Worker } from 'node:worker_threads';
import { forkMap, forkMapSync, parMap } from '@forkmap/pool';
import { churn, freshHotFunction, quantile, report, setting } from './lib.mjs';

const forks = setting('forks', 1_000);
const timeout = setting('limit', 30_000);
const workers = [1, 2].map(() => new Worker(new URL('./busy-worker.mjs', import.meta.url)));
await Promise.all(workers.map((worker) => new Promise((online) => worker.once('online', online))));

const FEW = 4;
/** Enough for the snapshot to be made lean. */
const MANY = 64;
const expected = churn(60_000);
const inChild = () => churn(60_000);
/** The snapshot is a fork of the origin, and each chunk a fork of the snapshot. @param {number} chunks */
async function mapChunks(chunks) {
  const sums = await parMap(Array.from({ length: chunks }), inChild, { chunk: 1, lanes: 2, timeout });
  return sums.every((sum) => sum === expected) ? expected : sums;
}

/** @type {{ forks: number, run: () => unknown }[]} */
const ways = [
  { forks: 1, run: async () => forkMapSync(inChild, { timeout }) },
  { forks: 1, run: () => forkMap(inChild, { timeout }) },
  { forks: 1 + FEW, run: () => mapChunks(FEW) },
  { forks: 1, run: async () => forkMapSync(inChild, { timeout }) },
  { forks: 1, run: () => forkMap(inChild, { timeout }) },
  { forks: 1 + MANY, run: () => mapChunks(MANY) },
];

let done = 0;
let hangs = 0;
let crashes = 0;
let wrong = 0;
/** @type {number[]} */
const ms = [];
/** @type {Record<string, number>} */
const errors = {};
for (let i = 0; done < forks; i++) {
  churn(20_000);
  freshHotFunction(i)(50_000);
  const way = /** @type {typeof ways[number]} */ (ways[i % ways.length]);
  const startedMs = performance.now();
  try {
    if ((await way.run()) !== expected) wrong += 1;
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ERR_FORKMAP_TIMEOUT' || code === 'ERR_FORKMAP_DEADLOCK') hangs += 1;
    else crashes += 1;
    errors[message] = (errors[message] ?? 0) + 1;
  }
  ms.push(performance.now() - startedMs);
  done += way.forks;
}
await Promise.all(workers.map((worker) => worker.terminate()));
report('forks under churn', { forks: done, hangs, crashes, wrong, medianMs: quantile(ms, 0.5), errors });
process.exitCode = hangs + crashes + wrong > 0 ? 1 : 0;
