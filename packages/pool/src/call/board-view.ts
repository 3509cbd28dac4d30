import { PROTOCOL } from '@forkmap/core/internal';

const MANY_NUMBERS = 100;

/** What the children of a call have done so far, as each notes it in its slot of shared memory. */
export class BoardView {
  readonly #slots: Int32Array;
  readonly #lanes: number;

  constructor(board: ArrayBuffer, lanes: number) {
    this.#slots = new Int32Array(board);
    this.#lanes = lanes;
  }

  /** Items that the children now at work have finished, of the chunks that they have. */
  itemsDone(): number {
    const { bytesPerSlot, pid, first, done } = PROTOCOL.slot;
    const slots = this.#slots;
    const step = bytesPerSlot / Int32Array.BYTES_PER_ELEMENT;
    let items = 0;
    for (let at = 0; at < this.#lanes * step; at += step) {
      if (slots[at + pid] !== 0) items += (slots[at + done] as number) - (slots[at + first] as number);
    }
    return items;
  }

  /** Whether a child at work has come to numbers alone, many of them. */
  hasNumbers(): boolean {
    const { bytesPerSlot, runKind, runFirst, done } = PROTOCOL.slot;
    const slots = this.#slots;
    const step = bytesPerSlot / Int32Array.BYTES_PER_ELEMENT;
    for (let at = 0; at < this.#lanes * step; at += step) {
      const items = (slots[at + done] as number) - (slots[at + runFirst] as number);
      if (slots[at + runKind] === PROTOCOL.frame.numbers && items >= MANY_NUMBERS) return true;
    }
    return false;
  }
}
