/**
 * What a chunk costs with nobody listening, with a listener to each channel that does nothing, and with a trace file, in
 * turns. Settings: trials=25 chunks=16.
 */
import { tracingChannel } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parMap, traceToFile } from '@forkmap/pool';
import { quantile, report, setting, spread } from './lib.mjs';

const trials = setting('trials', 25);
const chunks = setting('chunks', 16);
const items = Array.from({ length: chunks * 512 }, (_, i) => i);
const dir = mkdtempSync(join(tmpdir(), 'forkmap-tracing-'));
const nothing = () => undefined;
const listener = { start: nothing, end: nothing, asyncStart: nothing, asyncEnd: nothing, error: nothing };
const channels = ['forkmap:call', 'forkmap:snapshot', 'forkmap:chunk'].map((name) => tracingChannel(name));

/** Each begins to listen, and gives back how to stop. @type {Record<string, () => () => unknown>} */
const ways = {
  nobody: () => nothing,
  listeners: () => {
    for (const channel of channels) channel.subscribe(listener);
    return () => {
      for (const channel of channels) channel.unsubscribe(listener);
    };
  },
  file: () => traceToFile(join(dir, 'trace.json')),
};

/** @type {Record<string, number[]>} */
const ms = { nobody: [], listeners: [], file: [] };
for (let trial = 0; trial < trials; trial++) {
  for (const [way, listen] of Object.entries(ways)) {
    const stop = listen();
    const startedMs = performance.now();
    await parMap(items, (x) => x + 1);
    ms[way]?.push((performance.now() - startedMs) / chunks);
    await stop();
  }
}
rmSync(dir, { recursive: true });
const median = (/** @type {string} */ way) => quantile(ms[way] ?? [], 0.5);
report('tracing, ms per chunk', {
  listenersToNobody: median('listeners') / median('nobody'),
  fileToNobody: median('file') / median('nobody'),
  ...Object.fromEntries(Object.entries(ms).map(([way, all]) => [way, spread(all)])),
});
