import { makeMessage, PROTOCOL } from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/pool/internal';
import { chunkMessages, encodeProgram, LaneProcess, type Range, slotOf } from '@forkmap/pool/internal';
import type { CallMessage, ItemsMessage } from '../wire/messages.js';

/** WHY: what was claimed and did not arrive is lost with a worker; and each step costs about a millisecond. */
const STEP_MS = 100;
const MAX_GROWTH = 8;

/** What a step of a chunk is reported to. */
export interface StepSink {
  /** Items before `end` are about to begin. False where nobody wants them any more. */
  claim(end: number): Promise<boolean>;
  step(range: Range, outcome: Outcome, isLast: boolean): Promise<void>;
}

/** One call on this worker: its processes, and the chunks that they run. */
export class CallRunner {
  readonly #message: CallMessage;
  readonly #program: Uint8Array;
  readonly #idle: LaneProcess[] = [];
  readonly #all = new Set<LaneProcess>();
  #lanes = 0;
  #msPerItem: number | undefined;
  isOver = false;

  /** @param message with the URLs of its modules on this machine */
  constructor(message: CallMessage) {
    this.#message = message;
    this.#program = makeMessage(encodeProgram(message.program));
  }

  /**
   * Runs a chunk in steps, each of them claimed before it begins.
   * WHY in steps: the caller learns how far the chunk has come, and what a lost worker may have begun is little.
   */
  async run(chunk: Range, items: ItemsMessage, sink: StepSink): Promise<void> {
    let start = chunk.start;
    let messages = (end: number) => chunkMessages({ start, end, parts: items.parts }, items.payloads);
    const lane = this.#take();
    try {
      while (start < chunk.end && !this.isOver) {
        const end = this.#stepEnd(start, chunk.end);
        if (!(await sink.claim(end)) || this.isOver) return;
        const outcome = await lane.run(
          { start, end, maxPayloadBytes: this.#message.maxPayloadBytes },
          messages(end),
        );
        if (this.isOver) return;
        const isComplete = outcome.isWhole && outcome.begun >= end && !lane.isDead;
        this.#pace(outcome, end - start);
        await sink.step({ start, end }, outcome, !isComplete || end === chunk.end);
        if (!isComplete) return;
        start = end;
        messages = (next) => chunkMessages({ start, end: next, parts: [], keepsItems: true }, []);
      }
    } finally {
      this.#giveBack(lane);
    }
  }

  /** Ends its processes; kills what runs. @param isCalledOff nothing is waited for: no teardown, no pending writes */
  async end(isCalledOff: boolean): Promise<void> {
    this.isOver = true;
    await Promise.all([...this.#all].map((lane) => lane.end(isCalledOff)));
    this.#all.clear();
    this.#idle.length = 0;
  }

  #stepEnd(start: number, end: number): number {
    // WHY whole: what is gathered of a chunk depends on where it is cut.
    if (this.#message.program.isGathering) return end;
    const items = this.#msPerItem === undefined ? 1 : Math.floor(STEP_MS / this.#msPerItem);
    return Math.min(end, start + Math.max(1, items));
  }

  #pace({ workMs }: Outcome, items: number): void {
    // WHY bounded: items need not be alike, and the first is the slowest as a rule.
    const least = (this.#msPerItem ?? STEP_MS) / MAX_GROWTH;
    this.#msPerItem = Math.max(workMs / items, least);
  }

  #take(): LaneProcess {
    const kept = this.#idle.pop();
    if (kept) return kept;
    const { program, stdio } = this.#message;
    const started = new LaneProcess({
      lane: this.#lanes++,
      stdio: stdio as 'inherit',
      itemTimeoutMs: program.itemTimeoutMs,
      slot: slotOf(new ArrayBuffer(PROTOCOL.slot.bytesPerSlot), 0),
      program: this.#program,
    });
    this.#all.add(started);
    return started;
  }

  #giveBack(lane: LaneProcess): void {
    if (!lane.isDead && !this.isOver) {
      this.#idle.push(lane);
    } else {
      this.#all.delete(lane);
      void lane.end(true);
    }
  }
}
