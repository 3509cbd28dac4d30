import { DEFAULT_CHUNK } from '../options.js';

/** Grown no further: three windows are in memory at a time. */
const MAX_ITEMS = 16_384;
/** A window that takes less is mostly snapshot and forks. */
const WORTH_A_SNAPSHOT_MS = 250;

/** How many items make a window: as many as said, or more and more while windows are over too soon to be worth it. */
export class WindowSize {
  readonly #isFixed: boolean;
  items: number;

  /** @param said items of a window, where the caller says */
  constructor(lanes: number, said: number | undefined) {
    this.#isFixed = said !== undefined;
    this.items = said ?? lanes * DEFAULT_CHUNK;
  }

  /** A full window took so long. */
  saw(tookMs: number): void {
    if (!this.#isFixed && tookMs < WORTH_A_SNAPSHOT_MS) this.items = Math.min(MAX_ITEMS, this.items * 2);
  }
}
