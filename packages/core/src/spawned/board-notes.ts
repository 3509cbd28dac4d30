import type { CodecOptions } from '../codec/index.js';
import { PROTOCOL } from '../protocol.js';
import { SpillWriter } from '../spill.js';
import { makeNote } from './note.js';

/** The slot and the spill of a spawned process: its own memory, of which the origin is told what has changed. */
export class BoardNotes {
  readonly slot: Int32Array;
  readonly slotTimes: Float64Array;
  readonly spill: SpillWriter;
  readonly #slotBuffer = new ArrayBuffer(PROTOCOL.slot.bytesPerSlot);
  readonly #spillBuffer = new ArrayBuffer(PROTOCOL.spill.text + PROTOCOL.spill.textBytes);
  readonly #write: (frame: Uint8Array) => void;
  readonly #told: Int32Array;
  #toldSpilled = 0;
  #isDue = false;

  constructor(codec: CodecOptions, write: (frame: Uint8Array) => void) {
    this.slot = new Int32Array(this.#slotBuffer);
    this.slotTimes = new Float64Array(this.#slotBuffer);
    this.#told = new Int32Array(this.slot.length);
    this.#write = write;
    this.spill = new SpillWriter(
      { memory: this.#spillBuffer },
      {
        slot: this.slot,
        spilledAt: PROTOCOL.slot.spilled,
        codec,
      },
    );
  }

  /** A chunk begins. */
  begin(start: number): void {
    const { pid, first, begun, done } = PROTOCOL.slot;
    this.slot.fill(0);
    this.slot[pid] = process.pid;
    for (const at of [first, begun, done]) this.slot[at] = start;
    this.spill.clear();
    this.#toldSpilled = 0;
  }

  /** An item is about to begin: the origin knows of it before it does. */
  tellBegun(): void {
    this.tell();
    // What changes while nothing begins, such as which items are promises, is told when the stack is empty.
    if (this.#isDue) return;
    this.#isDue = true;
    process.nextTick(() => {
      this.#isDue = false;
      this.tell();
    });
  }

  tell(): void {
    if (this.slot.every((value, at) => value === this.#told[at])) return;
    this.leave(PROTOCOL.reason.none, 0);
  }

  /** Tells also why this process leaves. */
  leave(reason: number, exitCode: number): void {
    const spilled = this.slot[PROTOCOL.slot.spilled] as number;
    // WHY from 0: what was noted before is sent now, or there would not be fewer.
    const from = spilled < this.#toldSpilled ? 0 : this.#toldSpilled;
    this.#write(makeNote({ slot: this.#slotBuffer, reason, exitCode }, this.#spillBuffer, from, spilled));
    this.#told.set(this.slot);
    this.#toldSpilled = spilled;
  }
}
