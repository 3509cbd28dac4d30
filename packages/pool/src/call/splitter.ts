import { PROTOCOL } from '@forkmap/core/internal';
import type { Range } from './chunks.js';

/** A chunk is split where what is left of it takes so many times what a child costs: half of it pays for one. */
const WORTH_CHILDREN = 4;
/** WHY a bound: to lower the limit again and again is only of use while the child has not come that far. */
const ATTEMPTS = 3;

interface Seen {
  done: number;
  ms: number;
}

/**
 * Takes items away from chunks that are at work, for lanes that have nothing else to do. So each lane can begin with its
 * whole share, and forks are paid for where lanes turn out to differ, and nowhere else.
 * The other side of the agreement: `Claims` in @forkmap/core.
 */
export class Splitter {
  readonly #slots: Int32Array;
  readonly #times: Float64Array;
  readonly #lanes: number;
  readonly #atWork: ReadonlySet<Range>;
  /** How far a range's child was at an earlier look, and when. */
  readonly #seen = new WeakMap<Range, Seen>();

  /** @param atWork the ranges that lanes have now; the end of one that is split is lowered */
  constructor(board: ArrayBuffer, lanes: number, atWork: ReadonlySet<Range>) {
    const { bytesPerSlot } = PROTOCOL.slot;
    this.#slots = new Int32Array(board, 0, (lanes * bytesPerSlot) / Int32Array.BYTES_PER_ELEMENT);
    this.#times = new Float64Array(board, 0, (lanes * bytesPerSlot) / Float64Array.BYTES_PER_ELEMENT);
    this.#lanes = lanes;
    this.#atWork = atWork;
  }

  /**
   * The second half of what is left of the chunk that will take longest.
   * @param costMs what it costs to have a child run it
   * @param neededEnd items from there on are not needed
   * @returns undefined where no chunk is worth it now
   */
  split(costMs: number, neededEnd: number): Range | undefined {
    let longest: { range: Range; slot: number; restMs: number } | undefined;
    for (const range of this.#atWork) {
      if (range.start >= neededEnd) continue;
      const slot = this.#slotOf(range);
      const restMs = slot === undefined ? 0 : this.#restMs(slot, range, Math.min(range.end, neededEnd));
      if (slot !== undefined && restMs > (longest?.restMs ?? WORTH_CHILDREN * costMs))
        longest = { range, slot, restMs };
    }
    return longest && this.#cut(longest.range, longest.slot);
  }

  /** The slot of the child at work on the range. */
  #slotOf(range: Range): number | undefined {
    const { pid, first } = PROTOCOL.slot;
    for (let slot = 0; slot < this.#lanes; slot++) {
      if (this.#int(slot, pid) !== 0 && this.#int(slot, first) === range.start) return slot;
    }
    return undefined;
  }

  /** By how long items took since the last look. WHY not since the first: the slow ones may all be at the end. */
  #restMs(slot: number, range: Range, end: number): number {
    const { begun, done, beganMs } = PROTOCOL.slot;
    const bornMs = this.#times[this.#at(slot, beganMs, Float64Array.BYTES_PER_ELEMENT)] as number;
    if (bornMs === 0) return 0; // WHY: nothing is known of a child before its items begin.
    const now = performance.now();
    const doneNow = this.#int(slot, done);
    const seen = this.#seen.get(range) ?? { done: range.start, ms: bornMs };
    if (doneNow > seen.done) this.#seen.set(range, { done: doneNow, ms: now });
    const itemMs = (now - seen.ms) / Math.max(1, doneNow - seen.done);
    return itemMs * (end - this.#int(slot, begun));
  }

  /** Halves what is not begun. The child may have claimed some of the second half: then it keeps those. */
  #cut(range: Range, slot: number): Range | undefined {
    const { begun, limit: limitAt, claimed: claimedAt } = PROTOCOL.slot;
    const { start, end } = range;
    const taken = Math.max(start, this.#int(slot, begun));
    let limit = end - Math.floor((end - taken) / 2);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      Atomics.store(this.#slots, this.#at(slot, limitAt), limit);
      const claimed = Atomics.load(this.#slots, this.#at(slot, claimedAt));
      if (claimed <= limit) {
        range.end = limit;
        return limit < end ? { start: limit, end } : undefined;
      }
      limit = Math.min(end, claimed);
    }
    Atomics.store(this.#slots, this.#at(slot, limitAt), end);
    return undefined;
  }

  #int(slot: number, field: number): number {
    return Atomics.load(this.#slots, this.#at(slot, field));
  }

  #at(slot: number, field: number, bytes = Int32Array.BYTES_PER_ELEMENT): number {
    return (slot * PROTOCOL.slot.bytesPerSlot) / bytes + field;
  }
}
