import { ProgressMeter } from '../call/progress.js';
import type { ParMapOptions } from '../options.js';

/** What is counted of a window. */
interface Counted {
  readonly done: number;
  readonly failed: number;
  readonly running: number;
}

/** Progress of a stream: its total is what was read so far. */
export class StreamMeter {
  readonly #meter: ProgressMeter | undefined;
  #done = 0;
  #failed = 0;

  constructor(tell: ParMapOptions['onProgress'], of: { windows: readonly Counted[]; read: () => number }) {
    if (!tell) return;
    const sum = (key: keyof Counted) => of.windows.reduce((total, window) => total + window[key], 0);
    this.#meter = new ProgressMeter(tell, {
      total: of.read,
      counts: () => ({
        done: this.#done + sum('done'),
        failed: this.#failed + sum('failed'),
        running: sum('running'),
      }),
    });
  }

  /** A window was consumed, and is counted no longer. */
  took({ done, failed }: Counted): void {
    this.#done += done;
    this.#failed += failed;
  }

  tick(): void {
    this.#meter?.tick();
  }

  finish(): void {
    this.#meter?.finish();
  }
}
