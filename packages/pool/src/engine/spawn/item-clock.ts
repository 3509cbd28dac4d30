import { PROTOCOL } from '@forkmap/core/internal';

/** Ends a process whose item takes too long. */
export class ItemClock {
  readonly #limitMs: number;
  readonly #onLate: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #seen = 0;

  constructor(limitMs: number, onLate: () => void) {
    this.#limitMs = limitMs;
    this.#onLate = onLate;
  }

  /** An item has begun, or something has come of one. */
  sawItem(isPending: boolean): void {
    this.#seen += 1;
    // WHY: the timers of pending promises in the child come first: they end one, and not its process.
    const graceMs = isPending ? Math.max(this.#limitMs / 4, PROTOCOL.loopGraceMs) : 0;
    clearTimeout(this.#timer);
    if (!this.#isOver) this.#timer = setTimeout(() => this.#look(this.#seen), this.#limitMs + graceMs);
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** WHY not at once: where this process was busy, what the child has said meanwhile is not read yet. */
  #look(seen: number): void {
    setImmediate(() => {
      if (!this.#isOver && seen === this.#seen) this.#onLate();
    });
  }
}
