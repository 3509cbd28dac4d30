/**
 * How long it takes from an item's error until the call has rejected, and nothing of it is left, while other children
 * run endless loops. Settings: trials=20.
 */
import { parMap, sharedArray } from '@forkmap/pool';
import { quantile, report, setting, spread } from './lib.mjs';

const trials = setting('trials', 20);
/** @type {Record<string, (thrownAt: Float64Array) => never>} */
const ends = {
  throws: (thrownAt) => {
    thrownAt[0] = performance.timeOrigin + performance.now();
    throw new Error('fails');
  },
  'is killed': (thrownAt) => {
    thrownAt[0] = performance.timeOrigin + performance.now();
    process.kill(process.pid, 'SIGKILL');
    for (;;);
  },
};

for (const [what, end] of Object.entries(ends)) {
  /** @type {number[]} */
  const ms = [];
  for (let i = 0; i < trials; i++) {
    const thrownAt = sharedArray(Float64Array, 1);
    const call = parMap(
      [0, 1, 2, 3],
      (item) => {
        const startedMs = performance.now();
        while (item !== 3 || performance.now() - startedMs < 20);
        end(thrownAt);
      },
      { chunk: 1, lanes: 4 },
    );
    await call.then(
      () => {
        throw new Error('expected a rejection');
      },
      () => ms.push(performance.timeOrigin + performance.now() - /** @type {number} */ (thrownAt[0])),
    );
  }
  report(`from an item that ${what} to the rejection, three others loop`, {
    ms: spread(ms),
    worst: quantile(ms, 1),
  });
}
