/**
 * A trial of one Node: makes calls of every kind that the addon has to do with, and tells of each whether it went well.
 *   node steps.mjs      beside node_modules with the packages; the last line is `N of N`
 */
import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { forkMap, forkMapSync, Pool, parMap } from '@forkmap/pool';

const numbers = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => i);
const records = numbers(3_000).map((i) => ({
  id: i,
  name: `record ${i}`,
  tags: [`t${i % 7}`],
  at: new Date(i),
}));
/** Eight bytes: a module of nothing, which V8 compiles in the background. */
const emptyModule = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const codeOf = (/** @type {Promise<unknown>} */ call) =>
  call.then(String, (error) => error.code ?? error.name);

/** Each gives what is found, and what is expected. @type {Record<string, () => Promise<[unknown, unknown]>>} */
const steps = {
  forkMapSync: async () => [forkMapSync(() => 42), 42],
  forkMap: async () => [await forkMap(async () => 42), 42],
  'a thrown error': async () => [
    await codeOf(
      forkMap(() => {
        throw new RangeError('no');
      }),
    ),
    'RangeError',
  ],
  'a child that is killed': async () => [
    await codeOf(forkMap(() => process.kill(process.pid, 'SIGKILL'))),
    'ERR_FORKMAP_KILLED',
  ],
  'background work of V8 in a child': async () => [
    await forkMap(async () => String(await WebAssembly.compile(emptyModule))),
    '[object WebAssembly.Module]',
  ],
  'tasks of V8 that the origin has posted': async () => {
    const compiled = WebAssembly.compile(emptyModule);
    const inChild = await forkMap(() => 42);
    return [
      [inChild, String(await compiled)],
      [42, '[object WebAssembly.Module]'],
    ];
  },
  'garbage and hot code in children': async () => [
    (await parMap(numbers(64), (i) => numbers(20_000).map((n) => ({ n, text: `${n}${i}` })).length)).length,
    64,
  ],
  'a lean snapshot': async () => [
    (await parMap(numbers(400), (i) => records[i]?.name, { chunk: 5 })).at(-1),
    'record 399',
  ],
  'records, there and back': async () => [
    JSON.stringify(await parMap(records, (record) => ({ ...record }))),
    JSON.stringify(records),
  ],
  'randomness of its own': async () => [
    new Set(await parMap(numbers(16), () => Math.random(), { chunk: 1 })).size,
    16,
  ],
  'timers and programs in a child': async () => [
    await forkMap(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return spawnSync('/bin/echo', ['hello']).stdout.toString();
    }),
    'hello\n',
  ],
  'a worker thread in a child': async () => [
    await forkMap(
      () =>
        new Promise((resolve) => {
          const worker = new Worker('require("node:worker_threads").parentPort.postMessage(7)', {
            eval: true,
          });
          worker.once('message', resolve);
        }),
    ),
    7,
  ],
  'a fork in a child': async () => [await forkMap(() => forkMap(() => forkMapSync(() => 3))), 3],
  'a heap that is full': async () => [
    await codeOf(
      forkMap(() => {
        const all = [];
        for (;;) all.push(numbers(10_000).map(String));
      }),
    ),
    'ERR_FORKMAP_HEAP',
  ],
  'a pool with kept children': async () => {
    const pool = new Pool({ lanes: 2, isolation: 'lane' });
    const sums = await pool.parMap(numbers(300), (i) => i * 2);
    await pool.close();
    return [sums.at(-1), 598];
  },
};

let passed = 0;
for (const [name, step] of Object.entries(steps)) {
  const [found, expected] = await step().catch((error) => [error, 'no error']);
  const isRight = JSON.stringify(found) === JSON.stringify(expected);
  if (isRight) passed++;
  else console.log(`${name}: expected ${String(expected).slice(0, 80)}, got`, found);
}
console.log(`${passed} of ${Object.keys(steps).length}`);
