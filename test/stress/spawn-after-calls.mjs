/**
 * What child_process.spawnSync costs before and after calls of parMap: whether the heap is hidden from forks again.
 * Settings: calls=100 mib=200 trials=60.
 */
import { spawnSync } from 'node:child_process';
import { parMap } from '@forkmap/pool';
import { collectGarbage, forkedMib, growTo, msOf, quantile, report, setting, spread } from './lib.mjs';

const calls = setting('calls', 100);
const trials = setting('trials', 60);
const spawns = () =>
  Array.from({ length: trials }, () => msOf(() => spawnSync('/bin/true', { stdio: 'ignore' })));

growTo(setting('mib', 200));
spawns();
const before = spawns();
const forkedMibBefore = forkedMib();
for (let i = 0; i < calls; i++) await parMap([1, 2, 3, 4], (x) => x + i, { chunk: 1, lanes: 2 });
collectGarbage();
const after = spawns();
report('spawnSync after parMap', {
  ratio: quantile(after, 0.5) / quantile(before, 0.5),
  ratioOfFastest: quantile(after, 0.1) / quantile(before, 0.1),
  beforeMs: spread(before),
  afterMs: spread(after),
  forkedMib: [forkedMibBefore, forkedMib()],
  calls,
  rssMib: Math.round(process.memoryUsage.rss() / 2 ** 20),
});
