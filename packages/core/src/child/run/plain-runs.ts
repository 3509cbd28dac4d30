import type { ChildContext, ChildWork } from '../work.js';
import { RunPause } from './run-pause.js';

/** How a run ended: `next` is the first item whose result is not part of it. */
export interface RunEnd {
  next: number;
  /** Why it is not: its result is of another kind… */
  result?: { value: unknown };
  /** …or it has failed. Neither: the run went to its end. */
  thrown?: { error: unknown };
}

interface RunParts {
  invoke: (index: number) => unknown;
  /** Where each number goes, by the index of its item. */
  sheet: Float64Array;
  slot: Int32Array;
  begunAt: number;
  doneAt: number;
}

/**
 * Runs of neighbouring items whose results are all numbers, or all undefined. Nothing is sent of these but a frame per
 * run, without a payload, and none of a chunk's last: a number is in shared memory the moment it is there, and outlives
 * its child.
 * WHY a way of its own: where an item is an addition, what is done besides for each of them is what takes the time.
 */
export class PlainRuns {
  readonly #context: ChildContext;
  readonly #parts: RunParts;
  #isUndefined = false;
  readonly #pause = new RunPause();
  /** The run that goes on, where its kind is noted on the board. Equal: none does. */
  #first = 0;
  #next = 0;

  constructor(context: ChildContext, invoke: ChildWork['invoke'], sheet: Float64Array) {
    const { begun: begunAt, done: doneAt } = context.protocol.slot;
    this.#context = context;
    this.#parts = { invoke, sheet, slot: context.slot, begunAt, doneAt };
  }

  /** False for a while after results that no run could take. */
  isDue(index: number): boolean {
    return this.#pause.isOver(index);
  }

  /**
   * Goes on with the run that ended at `start`, or begins another. One that gets to `end` is not told of: it is on the
   * board, where whoever takes in the chunk finds it. WHY: each frame would have this process interrupted by its driver.
   */
  run(start: number, end: number): RunEnd {
    this.#begin(start);
    const ended = this.#isUndefined
      ? runUndefineds(this.#parts, start, end)
      : runNumbers(this.#parts, start, end);
    this.#next = ended.next;
    if (ended.next < end) {
      const length = ended.next - this.#first;
      this.#tell();
      if (this.#pause.ended(ended.next, length)) this.#turn(ended);
    }
    return ended;
  }

  /** Sends the frame of the run so far: the board has place for one. */
  #tell(): void {
    const { slot, protocol, child } = this.#context;
    const items = this.#next - this.#first;
    if (items > 0) child.writeFrame(this.#kind, this.#first, items);
    this.#first = this.#next;
    slot[protocol.slot.runKind] = 0;
  }

  #begin(start: number): void {
    const { slot, protocol } = this.#context;
    if (this.#next > this.#first && start === this.#next) return;
    this.#first = start;
    this.#next = start;
    // WHY the first before the kind: a run is what lies between it and what is done, as soon as it has a kind.
    slot[protocol.slot.runFirst] = start;
    slot[this.#parts.doneAt] = start;
    slot[protocol.slot.runKind] = this.#kind;
  }

  get #kind(): number {
    const { numbers, undefineds } = this.#context.protocol.frame;
    return this.#isUndefined ? undefineds : numbers;
  }

  /** To the other kind, where that is what came. */
  #turn({ result }: RunEnd): void {
    if (result && (result.value === undefined) !== this.#isUndefined) this.#isUndefined = !this.#isUndefined;
  }
}

function runNumbers({ invoke, sheet, slot, begunAt, doneAt }: RunParts, start: number, end: number): RunEnd {
  let next = start;
  try {
    while (next < end) {
      slot[begunAt] = next + 1;
      const value = invoke(next);
      if (typeof value !== 'number') return { next, result: { value } };
      sheet[next] = value;
      next += 1;
      slot[doneAt] = next;
    }
  } catch (error) {
    return { next, thrown: { error } };
  }
  return { next };
}

function runUndefineds({ invoke, slot, begunAt, doneAt }: RunParts, start: number, end: number): RunEnd {
  let next = start;
  try {
    while (next < end) {
      slot[begunAt] = next + 1;
      const value = invoke(next);
      if (value !== undefined) return { next, result: { value } };
      next += 1;
      slot[doneAt] = next;
    }
  } catch (error) {
    return { next, thrown: { error } };
  }
  return { next };
}
