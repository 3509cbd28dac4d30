import { type ItemSender, Sender } from '../send/sender.js';
import type { ChildContext, ChildWork } from '../work.js';
import { Claims } from './claims.js';
import type { Gathering } from './gathering.js';
import { PlainRuns, type RunEnd } from './plain-runs.js';
import { QuickRuns } from './quick-runs.js';
import { runStretch } from './stretch.js';
import { isThenable } from './thenable.js';

/** A chunk that may be split ends after so much, so that the origin can take it in while others go on. */
const ENOUGH_BYTES = 4 * 2 ** 20;

/** Runs the items of one chunk in a child: one after the other, or, once they are promises, several in flight. */
export class ChunkRun {
  readonly #context: ChildContext;
  readonly #work: ChildWork;
  readonly #sender: ItemSender;
  readonly #start: number;
  readonly #claims: Claims;
  readonly #onEnd: () => void;
  readonly #beforeEnd: ((then: () => void) => void) | undefined;
  readonly #plain: PlainRuns | undefined;
  readonly #quick: QuickRuns | undefined;
  readonly #inFlight = new Map<number, NodeJS.Timeout | undefined>();
  #next: number;
  readonly #doneAt: number;
  #done: number;
  #failed = 0;
  #isOver = false;

  constructor(parts: {
    context: ChildContext;
    work: ChildWork;
    sender: ItemSender;
    start: number;
    end: number;
    /** The chunk's END was written. Not called where the child leaves for another reason. */
    onEnd: () => void;
    /** What is to be done between the last item and that. */
    beforeEnd?: ((then: () => void) => void) | undefined;
  }) {
    this.#context = parts.context;
    this.#work = parts.work;
    this.#sender = parts.sender;
    this.#start = parts.start;
    this.#claims = new Claims(parts.context, parts, parts.work.isSplittable === true);
    this.#onEnd = parts.onEnd;
    this.#beforeEnd = parts.beforeEnd;
    this.#next = parts.start;
    this.#doneAt = parts.context.protocol.slot.done;
    this.#done = parts.start;
    const { invoke, sheet } = parts.work;
    if (sheet) this.#plain = new PlainRuns(parts.context, invoke, sheet);
    if (parts.sender instanceof Sender) this.#quick = new QuickRuns(parts.context, invoke, parts.sender);
    parts.context.slotTimes[parts.context.protocol.slot.beganMs] = performance.now();
  }

  /** Begins items until enough are in flight, or none is left. */
  pump(): void {
    const { slot, protocol } = this.#context;
    const begunAt = protocol.slot.begun;
    if (this.#work.gathering) this.#pumpStretches(this.#work.gathering, begunAt);
    while (!this.#isOver && this.#inFlight.size < this.#work.concurrency) {
      const end = this.#claims.endFrom(this.#next);
      if (this.#next >= end) break;
      const isAlone = this.#inFlight.size === 0;
      if (isAlone && this.#plain?.isDue(this.#next)) {
        this.#settleRun(this.#plain.run(this.#next, end));
      } else if (isAlone && this.#quick?.isDue(this.#next)) {
        this.#settleRun(this.#quick.run(this.#next, end));
        this.#look();
      } else {
        const index = this.#next++;
        slot[begunAt] = index + 1;
        this.#begin(index);
      }
    }
    const isDone =
      !this.#isOver && this.#inFlight.size === 0 && this.#next >= this.#claims.endFrom(this.#next);
    if (isDone) this.#finish();
  }

  /** Several items, and the one whose result was of another kind, or that failed. */
  #settleRun({ next, result, thrown }: RunEnd): void {
    this.#done += next - this.#next;
    this.#next = result || thrown ? next + 1 : next;
    if (result) this.#settle(next, result.value);
    else if (thrown) this.#settleThrown(next, thrown.error);
  }

  /** Items that gather, until one has to be waited for. */
  #pumpStretches(gathering: Gathering, begunAt: number): void {
    const board = { slot: this.#context.slot, begunAt, doneAt: this.#doneAt };
    const parts = { gathering, invoke: this.#work.invoke, board };
    while (!this.#isOver && this.#inFlight.size === 0) {
      const end = this.#claims.endFrom(this.#next);
      if (this.#next >= end) break;
      const { next, pending, thrown } = runStretch(parts, this.#next, end);
      this.#done = next;
      this.#next = pending || thrown ? next + 1 : next;
      if (pending) this.#await(next, pending);
      else if (thrown) this.#settleThrown(next, thrown.error);
      else this.#lookAtGathered();
    }
  }

  #lookAtGathered(): void {
    this.#sender.result(this.#done, undefined);
    if (this.#sender.hasFailed) this.#finish();
    else if (this.#sender.sentBytes > ENOUGH_BYTES) this.#claims.close();
  }

  /** Whether items are in flight: a promise of theirs is pending. */
  get isWaiting(): boolean {
    return this.#inFlight.size > 0;
  }

  /** A callback that belongs to no item threw: every item in flight fails by it. */
  failAllInFlight(error: unknown): void {
    for (const index of [...this.#inFlight.keys()].sort((a, b) => a - b)) this.#sender.thrown(index, error);
    this.#sender.flush();
    this.#inFlight.clear();
    this.#isOver = true;
  }

  #begin(index: number): void {
    let value: unknown;
    try {
      value = this.#work.invoke(index);
    } catch (error) {
      this.#settleThrown(index, error);
      return;
    }
    this.#settle(index, value);
  }

  #settle(index: number, value: unknown): void {
    let isPending: boolean;
    try {
      isPending = isThenable(value);
    } catch (error) {
      this.#settleThrown(index, error); // WHY: `then` may be an accessor.
      return;
    }
    if (!isPending) {
      this.#settleResult(index, value);
    } else if (this.#work.mustBeSync) {
      this.#sender.flush();
      this.#sender.failed(index, {
        code: 'ERR_FORKMAP_ASYNC_IN_SYNC',
        message: 'the function returned a promise, but the call is synchronous: use forkMap',
      });
      this.#advance();
    } else {
      this.#await(index, value as PromiseLike<unknown>);
    }
  }

  #await(index: number, promise: PromiseLike<unknown>): void {
    const { itemTimeoutMs } = this.#work;
    this.#context.slot[this.#context.protocol.slot.awaited] = 1;
    const timer =
      itemTimeoutMs === undefined ? undefined : setTimeout(() => this.#settleLate(index), itemTimeoutMs);
    this.#inFlight.set(index, timer?.unref());
    if (timer) this.#notePending();
    Promise.resolve(promise).then(
      (value) => {
        if (this.#land(index)) this.#settleResult(index, value);
        this.pump();
      },
      (error: unknown) => {
        if (this.#land(index)) this.#settleThrown(index, error);
        this.pump();
      },
    );
  }

  /** Takes an item out of flight; false when it was settled before. */
  #land(index: number): boolean {
    if (!this.#inFlight.has(index)) return false;
    const timer = this.#inFlight.get(index);
    if (timer) clearTimeout(timer);
    this.#inFlight.delete(index);
    if (timer) this.#notePending();
    // WHY: the chunk's END was sent; nothing may follow it.
    return !this.#isOver;
  }

  /** The driver leaves it to the timers in here to end items that are promises, as long as they can. */
  #notePending(): void {
    this.#context.slot[this.#context.protocol.slot.pending] = this.#inFlight.size;
  }

  #settleLate(index: number): void {
    if (!this.#land(index)) return;
    this.#sender.flush();
    this.#sender.failed(index, {
      code: 'ERR_FORKMAP_TIMEOUT',
      message: `the item took more than itemTimeout (${this.#work.itemTimeoutMs} ms)`,
    });
    this.#advance();
    this.pump();
  }

  #settleResult(index: number, value: unknown): void {
    this.#sender.result(index, value);
    this.#advance();
  }

  #settleThrown(index: number, error: unknown): void {
    this.#failed += 1;
    this.#sender.thrown(index, error);
    this.#advance();
  }

  #advance(): void {
    this.#done += 1;
    // WHY not counted where items gather: what is of use ends at the first one that is not done.
    this.#context.slot[this.#doneAt] = this.#work.gathering?.head ?? this.#done;
    this.#look();
  }

  #look(): void {
    const { goesOnAfterFailure, haltAfter = Number.POSITIVE_INFINITY } = this.#work;
    if (this.#sender.hasFailed && (!goesOnAfterFailure || this.#failed >= haltAfter)) this.#finish();
    else if (this.#sender.sentBytes > ENOUGH_BYTES) this.#claims.close();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const finishing = this.#sender.finish(this.#start);
    if (finishing === undefined) this.#settled();
    else finishing.then(() => this.#settled());
  }

  #settled(): void {
    const { slotTimes, protocol } = this.#context;
    // WHY before the END: whoever reads that does not wait for a child that is kept.
    slotTimes[protocol.slot.workMs] = performance.now() - (slotTimes[protocol.slot.beganMs] as number);
    if (this.#beforeEnd) this.#beforeEnd(() => this.#end());
    else this.#end();
  }

  #end(): void {
    this.#sender.end(this.#start);
    this.#onEnd();
  }
}
