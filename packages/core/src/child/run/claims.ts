import type { ChildContext } from '../work.js';

/** WHY so often and not more: the origin can only take away what is not claimed, and a claim costs some 100 ns. */
const CLAIM_MS = 0.5;
const MAX_CLAIMED_ITEMS = 4096;
/** WHY no more of what is left: the items that take long may be the last ones. */
const CLAIM_SHARE = 1 / 8;

/**
 * How far the items of a chunk may be begun. Of a chunk that the origin may cut shorter, the child claims a few items at
 * a time; the origin lowers the limit, and takes what is neither claimed nor below it (see `Splitter` in @forkmap/pool).
 *
 *   child:  claimed = n;  if (limit < n) claimed = limit      origin:  limit = n;  if (claimed > n) limit = claimed
 *
 * INVARIANT: both are sequentially consistent, store before load: no item is begun here that the origin gives to others.
 */
export class Claims {
  readonly #slot: Int32Array;
  readonly #limitAt: number;
  readonly #claimedAt: number;
  readonly #isShared: boolean;
  #end: number;
  #items = 1;
  #claimedMs = 0;
  #isClosed = false;

  /** @param isShared whether the origin may cut the chunk shorter */
  constructor({ slot, protocol }: ChildContext, range: { start: number; end: number }, isShared: boolean) {
    this.#slot = slot;
    this.#limitAt = protocol.slot.limit;
    this.#claimedAt = protocol.slot.claimed;
    this.#isShared = isShared;
    this.#end = isShared ? range.start : range.end;
  }

  /** The end of what may be begun, if the next to begin is `next`; no more than `next` where nothing is left. */
  endFrom(next: number): number {
    if (next < this.#end || !this.#isShared || this.#isClosed) return this.#end;
    this.#adapt();
    const rest = Atomics.load(this.#slot, this.#limitAt) - next;
    const wanted = next + Math.min(this.#items, Math.ceil(rest * CLAIM_SHARE));
    Atomics.store(this.#slot, this.#claimedAt, wanted);
    const limit = Atomics.load(this.#slot, this.#limitAt);
    if (limit < wanted) Atomics.store(this.#slot, this.#claimedAt, limit);
    this.#end = Math.min(wanted, limit);
    return this.#end;
  }

  /** The chunk ends with what is claimed: the rest is left to others. */
  close(): void {
    this.#isClosed = this.#isShared;
  }

  #adapt(): void {
    const now = performance.now();
    const tookMs = now - this.#claimedMs;
    this.#claimedMs = now;
    if (tookMs < CLAIM_MS) this.#items = Math.min(MAX_CLAIMED_ITEMS, this.#items * 2);
    else this.#items = Math.max(1, Math.floor((this.#items * CLAIM_MS) / tookMs));
  }
}
