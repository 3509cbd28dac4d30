import { throwIfAborted } from '@forkmap/core/internal';
import { betweenSetupAndTeardown, withSeed } from '../inline.js';
import type { CheckedParMapOptions } from '../options.js';
import { loadTasks } from '../recipe/describe.js';
import type { Gatherer } from './gatherer.js';
import { isThenable } from './plan.js';

/** Runs a plan in this process, as one range: for debugging, for `lanes: 0`, and inside children. */
export async function gatherInline(
  gatherer: Gatherer,
  length: number,
  options: CheckedParMapOptions,
): Promise<void> {
  await loadTasks(gatherer, options.setup, options.teardown, options.warm);
  await betweenSetupAndTeardown(options, () => gather(gatherer, length, options));
}

async function gather(
  gatherer: Gatherer,
  length: number,
  { signal, concurrency, seed }: CheckedParMapOptions,
): Promise<void> {
  const inFlight = new Set<PromiseLike<void>>();
  const failure = new FirstFailure();
  gatherer.begin(0, (index, error) => failure.at(index, error));
  for (let position = 0; position < length && !gatherer.isOver && !failure.known; position++) {
    throwIfAborted(signal);
    const running = failure.guard(position, () => withSeed(seed, position, () => gatherer.feed(position)));
    if (!isThenable(running)) continue;
    const landed: PromiseLike<void> = (running as PromiseLike<void>).then(
      () => void inFlight.delete(landed),
      (error: unknown) => {
        inFlight.delete(landed);
        failure.at(position, error);
      },
    );
    inFlight.add(landed);
    if (inFlight.size >= concurrency) await Promise.race(inFlight);
  }
  while (inFlight.size > 0 && !gatherer.isOver && !failure.known) await Promise.race(inFlight);
  throwIfAborted(signal);
  failure.throwIfKnown();
  await gatherer.finish();
  failure.throwIfKnown();
}

/** The failure of the lowest position, of those known. */
class FirstFailure {
  known: { position: number; error: unknown } | undefined;

  at(position: number, error: unknown): void {
    if (!this.known || position < this.known.position) this.known = { position, error };
  }

  guard<R>(position: number, run: () => R): R | undefined {
    try {
      return run();
    } catch (error) {
      this.at(position, error);
      return undefined;
    }
  }

  throwIfKnown(): void {
    if (this.known) throw this.known.error;
  }
}
