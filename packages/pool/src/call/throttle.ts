import type { LimitFunction } from 'p-limit';

/** How many lanes a call uses: fewer for a while where the system refused it a process or a descriptor. */
export class Throttle {
  readonly #limit: LimitFunction;
  readonly #lanes: number;
  /** Ends each pause that is going on. */
  readonly #pauses = new Set<() => void>();
  #isEnded = false;

  constructor(limit: LimitFunction, lanes: number) {
    this.#limit = limit;
    this.#lanes = lanes;
  }

  /**
   * A chunk was settled. Resolves when its lane may take the next one.
   * @param pauseMs half of the lanes, and such a while to wait; 0: it went well, and a lane more is used
   */
  async settled(pauseMs: number): Promise<void> {
    if (pauseMs > 0) await this.#pause(pauseMs);
    else if (this.#limit.concurrency < this.#lanes) this.#limit.concurrency += 1;
  }

  /** Nobody waits any more. */
  end(): void {
    this.#isEnded = true;
    for (const goOn of this.#pauses) goOn();
  }

  #pause(ms: number): Promise<void> {
    this.#limit.concurrency = Math.max(1, this.#limit.concurrency >> 1);
    if (this.#isEnded) return Promise.resolve();
    return new Promise((resolve) => {
      const goOn = () => {
        clearTimeout(timer);
        this.#pauses.delete(goOn);
        resolve();
      };
      const timer = setTimeout(goOn, ms);
      this.#pauses.add(goOn);
    });
  }
}
