/** What ends a call before its items do: an error, or that what is known is enough. */
export type StopReason = { error: unknown; isTimeout?: boolean; isHalt?: boolean } | 'enough';

type Phase = 'loading' | 'open' | 'running' | 'stopping' | 'closing' | 'closed';

const NEXT: Readonly<Record<Phase, readonly Phase[]>> = {
  loading: ['open', 'stopping', 'closed'],
  open: ['running', 'stopping', 'closing'],
  running: ['stopping', 'closing'],
  stopping: ['closing', 'closed'],
  closing: ['closed'],
  closed: [],
};

/**
 * Where a call is, and what stopped it:
 *
 *   loading ──▶ open ──snapshot──▶ running ──all settled──▶ closing ──▶ closed
 *      └──────────┴───────────────────┴──failure, abort, timeout, enough──▶ stopping ──drivers back──▶ closing
 */
export class CallState {
  #phase: Phase = 'loading';
  #stopReason: StopReason | undefined;

  get phase(): Phase {
    return this.#phase;
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  /** The call goes on to that phase. A call that is stopping does not go on to `open` or `running`. */
  enter(phase: Phase): void {
    if (this.#phase === 'stopping' && !NEXT.stopping.includes(phase)) return;
    if (!NEXT[this.#phase].includes(phase))
      throw new TypeError(`a call that is ${this.#phase} cannot become ${phase}: this is a bug in forkmap`);
    this.#phase = phase;
  }

  /**
   * Notes why the call ends, once.
   * @returns whether the caller has to end what runs: not if something else has stopped the call before
   */
  stop(reason: StopReason): boolean {
    if (this.#stopReason) return false;
    this.#stopReason = reason;
    // WHY: nothing runs any more where the call closes already, but the reason still decides what it comes to.
    if (this.#phase === 'closing' || this.#phase === 'closed') return false;
    this.enter('stopping');
    return true;
  }
}
