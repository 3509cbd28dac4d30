import { type ForkOptions, forkMap, forkMapSync } from '@forkmap/core';
import { parMap } from '@forkmap/pool';
import { startDriverThreads } from '@forkmap/pool/internal';

/** Runs one function in one child, and gives what came of it. */
export type Run = <R>(fn: () => R | PromiseLike<R>, options?: ForkOptions) => Promise<R>;

/** Every way of running one function in a child: what holds for one of them must hold for all. */
export const RUNS: readonly (readonly [name: string, run: Run])[] = [
  ['forkMap', (fn, options) => forkMap(fn, options)],
  ['forkMapSync', async (fn, options) => (forkMapSync as Run)(fn, options)],
  ['parMap', async (fn, options) => (await parMap([0], fn, options))[0] as never],
];

/** Those that take asynchronous functions and can be stopped from outside. */
export const ASYNC_RUNS = RUNS.filter(([name]) => name !== 'forkMapSync');

/** What a promise is rejected with. Fails the test where it is fulfilled. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const [settled] = await Promise.allSettled([promise]);
  if (settled.status === 'rejected') return settled.reason;
  throw new Error('expected a rejection, received a fulfilled promise', { cause: settled.value });
}

/** What a call throws, at once. Fails the test where it returns. */
export function thrownBy(act: () => unknown): unknown {
  let value: unknown;
  try {
    value = act();
  } catch (error) {
    return error;
  }
  throw new Error('expected a throw, received a value', { cause: value });
}

/** Starts as many driver threads as a file's tests will use, for `expectNoLeaks()`. */
export async function warmPool(lanes = 4): Promise<void> {
  await startDriverThreads(lanes);
  await parMap(Array.from({ length: lanes * 4 }), () => null, { lanes, chunk: 1 });
  forkMapSync(() => null);
  await forkMap(() => null);
}
