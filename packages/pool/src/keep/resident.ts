import { PROTOCOL, TO_KEPT } from '@forkmap/core/internal';
import type { KeptCall } from './kept-call.js';
import type { Link } from './source.js';

/** WHY: the numbers on the board are of 32 bits. */
const MAX_ORDINAL = 2 ** 30;

/** A kept child: what it is at, and what becomes of it. */
export class Resident {
  readonly bornMs = performance.now();
  readonly inFlight = new Map<number, KeptCall>();
  link!: Link;
  /** It takes calls. */
  isReady = false;
  /** It takes no further calls, and ends when it has none. */
  isRetiring = false;
  /** It has ended, or is about to. */
  isGone = false;
  /** It has not heard what was said before. */
  isFull = false;
  /** What `setup` has thrown. */
  unready: { error: unknown } | undefined;
  /** Lets go of its lane; while it is at work. */
  releaseLane: (() => void) | undefined;
  idleTimer: NodeJS.Timeout | undefined;
  /** Calls that it may still be given. */
  quota: number;
  #ordinal = 0;

  /** It has nothing to do any more. */
  readonly rest: () => void;

  constructor(quota: number, rest: () => void) {
    this.quota = quota;
    this.rest = rest;
  }

  get isAtWork(): boolean {
    return this.inFlight.size > 0;
  }

  /** Hands it a call. @returns as `Link.send` */
  give(call: KeptCall): number {
    if (this.#ordinal > MAX_ORDINAL && this.inFlight.size === 0) this.#ordinal = 0;
    if (this.#ordinal === 0 || this.inFlight.size === 0) this.level();
    const errno = this.link.send(TO_KEPT.call, call.id, 1, call.payload);
    if (errno !== 0) return errno;
    call.ordinal = ++this.#ordinal;
    this.quota -= 1;
    this.inFlight.set(call.id, call);
    return 0;
  }

  /** The board says of it that all it was given is done. It is idle. */
  level(): void {
    const { begun, done } = PROTOCOL.slot;
    this.link.slot[begun] = this.#ordinal;
    this.link.slot[done] = this.#ordinal;
  }
}
