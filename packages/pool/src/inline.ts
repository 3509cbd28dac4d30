import { AsyncLocalStorage } from 'node:async_hooks';
import { generatorFor, throwIfAborted } from '@forkmap/core/internal';
import pLimit from 'p-limit';
import type { ItemList } from './items.js';
import type { CheckedParMapOptions } from './options.js';
import { loadTasks } from './recipe/describe.js';
import { Results } from './settle/results.js';

interface Into<R> {
  results: Results<R>;
  /** The place of the first item in what it is a part of: that is what its random numbers go by. */
  firstIndex?: number;
}

/** For lists of functions: calls each. */
export const callThunk = (thunk: () => unknown) => thunk();

/** Runs every item in this process: for debugging, for `lanes: 0`, and inside children. */
export async function mapInline<T, R>(
  list: ItemList<T>,
  fn: (item: T, index: number) => R | PromiseLike<R>,
  options: CheckedParMapOptions,
  { results, firstIndex = 0 }: Into<R> = { results: new Results<R>(list.length, options.settle) },
): Promise<unknown[]> {
  const { setup, teardown } = options;
  await loadTasks(fn, setup, teardown, ...((fn as unknown) === callThunk ? Array.from(list) : []));
  const run = () => mapItems(list, fn, options, { results, firstIndex });
  return await betweenSetupAndTeardown(options, run);
}

/** As a child does: `setup` before the first item, `teardown` after the last one, whatever came of them. */
export async function betweenSetupAndTeardown<R>(
  { setup, teardown }: Pick<CheckedParMapOptions, 'setup' | 'teardown'>,
  run: () => Promise<R>,
): Promise<R> {
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

async function mapItems<T, R>(
  list: ItemList<T>,
  fn: (item: T, index: number) => R | PromiseLike<R>,
  options: CheckedParMapOptions,
  { results, firstIndex }: Required<Into<R>>,
): Promise<unknown[]> {
  const limit = pLimit(options.concurrency);
  const runOne = async (index: number): Promise<void> => {
    throwIfAborted(options.signal);
    if (results.failed > 0 && !options.settle) return;
    try {
      results.fulfil(
        index,
        await withSeed(options.seed, firstIndex + index, () => fn(list[index] as T, index)),
      );
    } catch (error) {
      results.reject(index, error);
    }
  };
  await Promise.all(Array.from(list, (_, index) => limit(runOne, index)));
  throwIfAborted(options.signal);
  if (results.firstFailure && !options.settle) throw results.firstFailure.error;
  return results.values;
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
