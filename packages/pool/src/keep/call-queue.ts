import type { KeptCall } from './kept-call.js';

/** Calls of one priority, in their order. */
interface Rank {
  priority: number;
  calls: KeptCall[];
  /** The first that is still there. */
  head: number;
}

/** WHY not one by one: to take the first of an array moves all others. */
const COMPACT_AT = 1024;

/** Calls that wait: those of the highest priority first, and of these the one that was made first. */
export class CallQueue {
  /** The highest priority first. */
  readonly #ranks: Rank[] = [];
  size = 0;

  push(call: KeptCall): void {
    this.#rankOf(call.priority).calls.push(call);
    this.size += 1;
  }

  /** It was taken, and comes before all others of its priority again. */
  putBack(call: KeptCall): void {
    const rank = this.#rankOf(call.priority);
    call.beginAnew();
    if (rank.head > 0) rank.calls[--rank.head] = call;
    else rank.calls.unshift(call);
    this.size += 1;
  }

  /** A call that waits is settled: it is passed over from now on. */
  forget(): void {
    this.size -= 1;
  }

  /** The next one, which leaves. */
  take(): KeptCall | undefined {
    for (;;) {
      const rank = this.#ranks[0];
      const call = rank?.calls[rank.head];
      if (!rank || !call) return undefined;
      rank.head += 1;
      if (rank.head === rank.calls.length) {
        if (this.#ranks.length > 1) this.#ranks.shift();
        else empty(rank);
      } else if (rank.head === COMPACT_AT) {
        rank.calls.splice(0, rank.head);
        rank.head = 0;
      }
      if (call.state !== 'queued') continue;
      this.size -= 1;
      return call;
    }
  }

  /** All of them, which leave. */
  takeAll(): KeptCall[] {
    const calls: KeptCall[] = [];
    for (let call = this.take(); call; call = this.take()) calls.push(call);
    return calls;
  }

  #rankOf(priority: number): Rank {
    const at = this.#ranks.findIndex((rank) => rank.priority <= priority);
    const found = this.#ranks[at];
    if (found?.priority === priority) return found;
    // An empty one of another priority is of no use any more.
    if (this.#ranks.length === 1 && this.size === 0) this.#ranks.length = 0;
    const rank = { priority, calls: [], head: 0 };
    this.#ranks.splice(at < 0 || this.#ranks.length === 0 ? this.#ranks.length : at, 0, rank);
    return rank;
  }
}

function empty(rank: Rank): void {
  rank.calls.length = 0;
  rank.head = 0;
}
