import type { Gathering } from './gathering.js';

/** Items are run so many at a time between looks at what was gathered. */
const STRETCH_ITEMS = 256;

interface StretchParts {
  gathering: Gathering;
  invoke: (index: number) => unknown;
  /** Where the driver sees which item is at work. */
  board: { slot: Int32Array; begunAt: number; doneAt: number };
}

/** How a stretch ended: `next` is the first item that was not done. */
export interface StretchEnd {
  next: number;
  /** That one is being waited for… */
  pending?: PromiseLike<unknown>;
  /** …or has failed. */
  thrown?: { error: unknown };
}

/**
 * Runs items that gather, one after the other, as long as none of them has to be waited for.
 * WHY a loop of its own: where an item is an addition, what is done besides for each of them is what takes the time.
 */
export function runStretch(
  { gathering, invoke, board }: StretchParts,
  from: number,
  end: number,
): StretchEnd {
  const { slot, begunAt, doneAt } = board;
  const last = Math.min(end, from + STRETCH_ITEMS);
  let index = from;
  try {
    while (index < last && !gathering.isOver) {
      slot[begunAt] = index + 1;
      const running = invoke(index);
      if (running !== undefined) return { next: index, pending: running as PromiseLike<unknown> };
      index += 1;
      slot[doneAt] = index;
    }
  } catch (error) {
    return { next: index, thrown: { error } };
  }
  return { next: index };
}
