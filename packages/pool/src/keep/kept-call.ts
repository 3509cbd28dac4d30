import type { KeptFunction } from '@forkmap/core/internal';
import type { Resident } from './resident.js';

export type KeptArguments = Parameters<KeptFunction>;

/** One call of a kept function, from when it is made until it is settled. */
export class KeptCall {
  readonly id: number;
  /** Its arguments, encoded. */
  payload: Uint8Array;
  readonly priority: number;
  readonly madeMs = performance.now();
  beganMs = 0;
  state: 'queued' | 'running' | 'settled' = 'queued';
  /** The child that is at it, or was last. */
  child: Resident | undefined;
  /** Its place among the calls of its child: 1, 2, 3… */
  ordinal = 0;
  /** How often it may be begun again after its child has died. */
  retries: number;
  /** How often it was given to a child that died before it began. */
  refusals = 0;
  /** Why its child was killed, if on account of this call: what it is rejected with. */
  doom: { error: unknown } | undefined;
  /** Its child was killed on account of it. */
  isCulprit = false;
  /** Undoes what watches for its end from outside: signal, timeout. */
  release: (() => void) | undefined;
  itemTimer: NodeJS.Timeout | undefined;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;

  constructor(parts: {
    id: number;
    payload: Uint8Array;
    priority: number;
    retries: number;
    resolve: (value: unknown) => void;
    reject: (error: unknown) => void;
  }) {
    this.id = parts.id;
    this.payload = parts.payload;
    this.priority = parts.priority;
    this.retries = parts.retries;
    this.#resolve = parts.resolve;
    this.#reject = parts.reject;
  }

  fulfil(value: unknown): void {
    this.#leave();
    this.#resolve(value);
  }

  reject(error: unknown): void {
    this.#leave();
    this.#reject(error);
  }

  /** It runs no longer, and may be begun again. */
  stopClock(): void {
    clearTimeout(this.itemTimer);
    this.itemTimer = undefined;
  }

  /** It may be given to another child. */
  beginAnew(): void {
    this.state = 'queued';
    this.isCulprit = false;
  }

  #leave(): void {
    this.state = 'settled';
    this.payload = NOTHING;
    this.release?.();
    if (this.itemTimer) this.stopClock();
  }
}

const NOTHING = new Uint8Array();

/** WHY not at once: where this process was busy, what the child has said meanwhile is not heard yet. */
export function whenHeard(call: KeptCall, act: () => void): void {
  setImmediate(() => {
    if (call.state !== 'settled') act();
  });
}
