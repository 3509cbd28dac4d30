import { invalidState } from '@forkmap/core/internal';
import { defaultLanes } from '../lanes.js';
import type { ParMapOptions } from '../options.js';
import type { CallHost, Host } from './host.js';
import { LaneSlots } from './lane-slots.js';
import { StatsMeter } from './stats.js';

/** The lanes of a `Pool`, what it counts, and whether it is open. */
export class PoolHost implements Host {
  readonly defaults: ParMapOptions;
  readonly lanes: number;
  readonly maxLanes: number;
  readonly stats = new StatsMeter();
  readonly #slots: LaneSlots;
  readonly #kept = new Set<() => Promise<void>>();
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor({ lanes = defaultLanes(), ...defaults }: ParMapOptions) {
    this.defaults = defaults;
    this.lanes = lanes;
    this.maxLanes = lanes;
    this.#slots = new LaneSlots(lanes);
  }

  assertOpen(): void {
    if (!this.#closing) return;
    const state = this.stats.running > 0 ? 'closing' : 'closed';
    throw invalidState(`the pool takes no new calls: it is ${state}`);
  }

  open(): CallHost {
    this.assertOpen();
    const turn = this.#slots.join(false);
    this.stats.calls += 1;
    this.stats.running += 1;
    return {
      acquire: () => turn.acquire(),
      tryAcquire: () => turn.tryAcquire(),
      leave: () => turn.leave(),
      saw: (outcome) => this.stats.saw(outcome),
      sawDeath: (isRetried) => this.stats.sawDeath(isRetried),
      close: () => {
        turn.leave();
        this.stats.running -= 1;
        if (this.stats.running === 0) this.#onIdle?.();
      },
    };
  }

  keep(_ownLanes: boolean, close: () => Promise<void>): CallHost {
    this.assertOpen();
    // WHY one at any time: a kept function answers, whatever else goes on in its pool.
    const turn = this.#slots.join(true);
    this.#kept.add(close);
    return {
      acquire: () => turn.acquire(),
      tryAcquire: () => turn.tryAcquire(),
      leave: () => turn.leave(),
      saw: () => undefined,
      sawDeath: () => undefined,
      close: () => {
        turn.leave();
        this.#kept.delete(close);
      },
    };
  }

  /** Resolves when the last call is over, and all kept functions are closed. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const closing = Array.from(this.#kept, (close) => close());
    await new Promise<void>((idle) => {
      // WHY a turn later: those who wait for the last call hear of its end first.
      this.#onIdle = () => setImmediate(idle);
      if (this.stats.running === 0) idle();
    });
    await Promise.all(closing);
  }
}
