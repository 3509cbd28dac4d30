/**
 * forkMapSync(() => 42) against a bare fork, _exit and wait of the same process, with its heap visible to the child.
 * Settings: mib=300 trials=150. Without mib: the process as it is.
 */
import { forkMapSync } from '@forkmap/core';
import { collectGarbage, cpuMs, growTo, msOf, quantile, report, setting, spread, testAddon } from './lib.mjs';

const trials = setting('trials', 150);
const { bareFork } = testAddon();
growTo(setting('mib', 0));
collectGarbage();

const answer = () => 42;
for (let i = 0; i < 20; i++) {
  forkMapSync(answer);
  bareFork();
}
const BLOCK = 25;
const bare = { ms: /** @type {number[]} */ ([]), cpuMs: 0, act: () => bareFork() };
const whole = { ms: /** @type {number[]} */ ([]), cpuMs: 0, act: () => msOf(() => forkMapSync(answer)) };
// In turns, so that whatever else the machine does meets both.
for (let i = 0; i < trials; i += BLOCK) {
  for (const way of [bare, whole]) {
    const began = cpuMs();
    for (let j = 0; j < BLOCK; j++) way.ms.push(way.act());
    way.cpuMs += cpuMs() - began;
  }
}
report('forkMapSync against a bare fork', {
  ratio: quantile(whole.ms, 0.5) / quantile(bare.ms, 0.5),
  ratioOfFastest: quantile(whole.ms, 0.1) / quantile(bare.ms, 0.1),
  // CPU of both processes, which a busy machine changes little.
  ratioOfCpu: whole.cpuMs / bare.cpuMs,
  forkMapSyncMs: spread(whole.ms),
  bareMs: spread(bare.ms),
  rssMib: Math.round(process.memoryUsage.rss() / 2 ** 20),
});
