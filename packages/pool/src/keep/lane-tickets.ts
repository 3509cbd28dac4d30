import type { CallHost } from '../pool/host.js';

/** The lanes of a kept function: they are its pool's, and shared fairly with all that run there. */
export class LaneTickets {
  readonly #host: CallHost;
  readonly #onGranted: () => void;
  readonly #granted: (() => void)[] = [];
  #isWaiting = false;

  /** @param onGranted a lane is there that had to be waited for: it is let go of again unless it is taken in here */
  constructor(host: CallHost, onGranted: () => void) {
    this.#host = host;
    this.#onGranted = onGranted;
  }

  /** How to let go of a lane, if one is free; otherwise it is waited for. */
  take(): (() => void) | undefined {
    const lane = this.#granted.pop() ?? this.#host.tryAcquire();
    if (!lane && !this.#isWaiting) void this.#wait();
    return lane;
  }

  async #wait(): Promise<void> {
    this.#isWaiting = true;
    this.#granted.push(await this.#host.acquire());
    this.#isWaiting = false;
    this.#onGranted();
    for (const release of this.#granted.splice(0)) release();
  }
}
