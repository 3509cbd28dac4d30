/** What 200 calls of each kind leave behind, in a process of its own: nothing. */
import { readFileSync } from 'node:fs';
import { forkMap, forkMapSync, parMap } from '@forkmap/pool';
import { expect, it } from 'vitest';
import { collectGarbage } from '../helpers/garbage.js';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';
import { scaled } from '../helpers/time.js';

expectNoLeaks(warmPool);

const CALLS = 200;
const MIB = 2 ** 20;

function rssAfterCollection(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage.rss();
}

/** Ranges of memory that this process shares with its children. */
function sharedMappings(): number {
  return readFileSync('/proc/self/maps', 'utf8').match(/ rw-s .*\/dev\/zero/g)?.length ?? 0;
}

const items = [0, 1, 2, 3];
const calls: [name: string, call: (i: number) => unknown][] = [
  ['forkMapSync()', (i) => forkMapSync(() => i)],
  ['forkMap()', (i) => forkMap(async () => i)],
  ['parMap()', (i) => parMap(items, (x) => x + i, { chunk: 1, lanes: 2 })],
  [
    "parMap(), isolation: 'lane'",
    (i) => parMap(items, (x) => x + i, { chunk: 1, lanes: 2, isolation: 'lane' }),
  ],
  ['parMap() of large results', () => parMap(items, () => new Uint8Array(MIB / 4), { chunk: 1, lanes: 2 })],
  [
    'parMap() that fails',
    (i) =>
      parMap(items, () => (i % 2 ? process.exit(1) : Promise.reject(i)), { lanes: 2 }).catch(() => undefined),
  ],
  [
    'forkMap() that is aborted',
    (i) => {
      const controller = new AbortController();
      const call = forkMap(() => new Promise((resolve) => setTimeout(resolve, 60_000)), {
        signal: controller.signal,
      });
      setTimeout(() => controller.abort(), i % 10);
      return call.catch(() => undefined);
    },
  ],
];

it.each(calls)(
  `${CALLS} calls of %s leave no descriptor, no process, no zombie, no mapping, and no memory`,
  async (_name, call) => {
    for (let i = 0; i < 10; i++) await call(i);
    const before = rssAfterCollection();
    const mappings = sharedMappings();
    for (let i = 0; i < CALLS; i++) await call(i);
    // WHY before a collection: each fork copies what there is until then.
    expect(sharedMappings() - mappings).toBeLessThan(5);
    expect((rssAfterCollection() - before) / MIB).toBeLessThan(30);
  },
  scaled(90_000),
);
