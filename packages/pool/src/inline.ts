import { AsyncLocalStorage } from 'node:async_hooks';
import { forkError, generatorFor, runWarm, throwIfAborted } from '@forkmap/core/internal';
import pLimit from 'p-limit';
import type { ItemList } from './items.js';
import type { CheckedParMapOptions } from './options.js';
import { loadTasks } from './recipe/describe.js';
import type { Ledger } from './settle/ledger.js';

interface Into {
  ledger: Ledger;
  /** The place of an item in what the list is a part of: that is what its random numbers go by. Default: its index. */
  placeOf?: ((index: number) => number) | undefined;
  /** So many have failed that no further item begins. */
  isHalted?: (() => boolean) | undefined;
}

/** For lists of functions: calls each. */
export const callThunk = (thunk: () => unknown) => thunk();

/** Runs every item in this process: for debugging, for `lanes: 0`, and inside children. */
export async function mapInline<T>(
  list: ItemList<T>,
  fn: (item: T, index: number) => unknown,
  options: CheckedParMapOptions,
  into: Into,
): Promise<void> {
  const { setup, teardown, warm } = options;
  await loadTasks(fn, setup, teardown, warm, ...((fn as unknown) === callThunk ? Array.from(list) : []));
  await betweenSetupAndTeardown(options, () => mapItems(list, fn, options, into));
}

/** As a child does: `warm` and `setup` before the first item, `teardown` after the last one, whatever came of them. */
export async function betweenSetupAndTeardown<R>(
  { setup, teardown, warm }: Pick<CheckedParMapOptions, 'setup' | 'teardown' | 'warm'>,
  run: () => Promise<R>,
): Promise<R> {
  warmHere(warm);
  await setup?.();
  try {
    return await run();
  } finally {
    try {
      await teardown?.();
    } catch (error) {
      process.emitWarning(`teardown failed: ${(error as Partial<Error> | undefined)?.message ?? error}`);
    }
  }
}

async function mapItems<T>(
  list: ItemList<T>,
  fn: (item: T, index: number) => unknown,
  options: CheckedParMapOptions,
  { ledger, placeOf = (index) => index, isHalted }: Into,
): Promise<void> {
  const { signal, settle, seed } = options;
  const limit = pLimit(options.concurrency);
  let isOver = false;
  const runOne = async (index: number): Promise<void> => {
    throwIfAborted(signal);
    if (isOver || (ledger.failed > 0 && !settle) || isHalted?.()) return;
    const outcome = await settledBy(() =>
      withSeed(seed, placeOf(index), () => fn(list[index] as T, placeOf(index))),
    );
    try {
      if (outcome.status === 'fulfilled') ledger.fulfilMany(index, [outcome.value]);
      else ledger.reject(index, outcome.reason);
    } catch (error) {
      isOver = true; // who hears of the items has thrown
      throw error;
    }
  };
  await Promise.all(Array.from(list, (_, index) => limit(runOne, index)));
  throwIfAborted(signal);
  if (ledger.firstFailure && !settle) throw ledger.firstFailure.error;
}

async function settledBy(run: () => unknown): Promise<PromiseSettledResult<unknown>> {
  try {
    return { status: 'fulfilled', value: await run() };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}

/** The option `warm`, where items run in this process. Throws what rejects the call. */
export function warmHere(warm: CheckedParMapOptions['warm']): void {
  const failure = warm && runWarm(warm);
  if (!failure) return;
  throw 'error' in failure ? failure.error : forkError(failure.payload.code, failure.payload.message);
}

const generators = new AsyncLocalStorage<() => number>();
let seededRuns = 0;
let unseeded = Math.random;

/** Runs `run` with the `Math.random` of the item, where a seed was given: also after it has awaited something. */
export function withSeed<R>(seed: number | string | undefined, index: number, run: () => R): R {
  if (seed === undefined) return run();
  beginSeeded();
  let result: R | undefined;
  try {
    result = generators.run(generatorFor(seed, index), run);
    return result;
  } finally {
    if (result instanceof Promise) result.then(endSeeded, endSeeded);
    else endSeeded();
  }
}

/** WHY not for good: this is the caller's own process. Whoever else runs in it meanwhile draws as before. */
function beginSeeded(): void {
  if (seededRuns++ > 0) return;
  unseeded = Math.random;
  Math.random = () => (generators.getStore() ?? unseeded)();
}

function endSeeded(): void {
  if (--seededRuns === 0) Math.random = unseeded;
}
