/** A shorter run than this was not worth beginning. */
const SHORT_RUN = 16;
const FIRST_PAUSE_ITEMS = 16;

/** When items are worth being run by a loop of their own: not for a while, ever longer, after runs that were short. */
export class RunPause {
  #items = FIRST_PAUSE_ITEMS;
  #overAt = 0;

  isOver(index: number): boolean {
    return index >= this.#overAt;
  }

  /**
   * A run of so many items came to its end before the item `next`, whose result was no part of it.
   * @returns whether it was short
   */
  ended(next: number, length: number): boolean {
    const isShort = length < SHORT_RUN;
    if (isShort) this.#overAt = next + 1 + this.#items;
    this.#items = isShort ? this.#items * 2 : FIRST_PAUSE_ITEMS;
    return isShort;
  }
}
