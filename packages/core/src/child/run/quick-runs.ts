import { type Sender, SLOW_MS } from '../send/sender.js';
import type { ChildContext, ChildWork } from '../work.js';
import type { RunEnd } from './plain-runs.js';
import { RunPause } from './run-pause.js';
import { isThenable } from './thenable.js';

interface RunParts {
  invoke: (index: number) => unknown;
  slot: Int32Array;
  begunAt: number;
  doneAt: number;
}

/**
 * Runs of neighbouring items whose results are objects, and come so quickly that none is worth being noted by itself: they
 * go to the sender many at a time.
 * WHY a way of its own: where an item is an object literal, what is done besides for each of them is what takes the time.
 */
export class QuickRuns {
  readonly #sender: Sender;
  readonly #parts: RunParts;
  readonly #pause = new RunPause();
  /** Items in a row, so far. */
  #length = 0;

  constructor({ protocol, slot }: ChildContext, invoke: ChildWork['invoke'], sender: Sender) {
    const { begun: begunAt, done: doneAt } = protocol.slot;
    this.#sender = sender;
    this.#parts = { invoke, slot, begunAt, doneAt };
  }

  /** Whether items are quick; false for a while after results of other kinds. */
  isDue(index: number): boolean {
    return this.#pause.isOver(index) && this.#sender.isUnnoted;
  }

  /** Runs items of [start, end) until what they came to is to be sent. */
  run(start: number, end: number): RunEnd {
    const beganMs = performance.now();
    const { values, dueMs, items } = this.#sender.takeFrom(start);
    const run = { values, dueMs, beganMs, start, end: Math.min(end, start + items) };
    const ended = runObjects(this.#parts, run);
    const ran = ended.next - start;
    this.#length += ran;
    if (ended.result) {
      this.#pause.ended(ended.next, this.#length);
      this.#length = 0;
    }
    this.#sender.took(ran, { ms: performance.now() - beganMs, isSlow: ended.isSlow });
    return ended;
  }
}

function runObjects(
  { invoke, slot, begunAt, doneAt }: RunParts,
  {
    values,
    dueMs,
    beganMs,
    start,
    end,
  }: { values: unknown[]; dueMs: number; beganMs: number; start: number; end: number },
): RunEnd & { isSlow: boolean } {
  let next = start;
  let lastMs = beganMs;
  try {
    while (next < end) {
      slot[begunAt] = next + 1;
      const value = invoke(next);
      if (typeof value !== 'object' || value === null || isBytes(value) || isThenable(value))
        return { next, result: { value }, isSlow: false };
      values.push(value);
      next += 1;
      slot[doneAt] = next;
      // WHY after each: what is waiting here is lost with the child, and the item after this one may take long.
      const now = performance.now();
      if (now - lastMs >= SLOW_MS) return { next, isSlow: true };
      if (now >= dueMs) break;
      lastMs = now;
    }
  } catch (error) {
    return { next, thrown: { error }, isSlow: false };
  }
  return { next, isSlow: false };
}

/** WHY not in a run: what they take is known, and may be much. */
function isBytes(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}
