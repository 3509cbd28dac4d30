import { invalidState, type KeptFunction } from '@forkmap/core/internal';
import type { KeptArguments } from './kept-call.js';
import { KeptMeter, type KeptStats } from './kept-stats.js';
import type { CheckedKeepOptions, KeptRunOptions } from './options.js';

/** A kept function that runs in this process: for debugging, for `lanes: 0`, and inside children. */
export class InlineKept {
  readonly #fn: KeptFunction;
  readonly #options: CheckedKeepOptions;
  readonly #meter = new KeptMeter();
  readonly #bornMs = performance.now();
  readonly #running = new Set<Promise<unknown>>();
  #setUp: Promise<void> | undefined;
  #isClosed = false;
  readonly queueSize = 0;

  constructor(fn: KeptFunction, options: CheckedKeepOptions) {
    this.#fn = fn;
    this.#options = options;
  }

  /** Runs `warm` and `setup`, once. */
  open(): Promise<void> {
    this.#setUp ??= (async () => {
      this.#options.warm?.();
      await this.#options.setup?.();
    })();
    return this.#setUp;
  }

  async run(args: KeptArguments, { signal }: KeptRunOptions): Promise<unknown> {
    if (this.#isClosed)
      throw invalidState(`${this.#options.name ?? 'the kept function'} takes no more calls: it is closed`);
    signal?.throwIfAborted();
    const running = this.#run(args);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #run(args: KeptArguments): Promise<unknown> {
    await this.open();
    const beganMs = performance.now();
    this.#meter.began(0);
    try {
      return await this.#fn(...args);
    } catch (error) {
      this.#meter.failed += 1;
      throw error;
    } finally {
      this.#meter.done += 1;
      this.#meter.ended(performance.now() - beganMs);
    }
  }

  /** There is nothing to freeze here: calls see the present state at all times. */
  async refresh(): Promise<void> {
    await this.open();
  }

  stats(): KeptStats {
    const age = performance.now() - this.#bornMs;
    return { queued: 0, running: this.#running.size, ...this.#meter.read(), children: 0, age, memory: 0 };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#running);
  }
}
