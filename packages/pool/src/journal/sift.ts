import { inTurns } from '../settle/in-turns.js';
import type { JournalSession, Known } from './session.js';

/** So many items are looked up between two looks at the clock. */
const STEP_ITEMS = 64;

/** The items of a list of which a journal knows nothing: where they are, and what they will be known by. */
export interface Unknown {
  todo: Uint32Array;
  keys: Uint8Array[];
}

/** Looks up each item of a list. @param tell is told of those that are known, in order */
export async function sift(
  list: ArrayLike<unknown>,
  { journal, offset }: { journal: JournalSession; offset: number },
  tell: (place: number, known: Known) => void,
): Promise<Unknown> {
  const todo: number[] = [];
  const keys: Uint8Array[] = [];
  const looking = function* (): Generator<void> {
    for (let place = 0; place < list.length; place++) {
      const key = journal.keyOf(list[place], offset + place);
      const known = journal.outcomeOf(key);
      if (known) tell(place, known);
      else {
        todo.push(place);
        keys.push(key);
      }
      if (place % STEP_ITEMS === 0) yield;
    }
  };
  await inTurns(looking());
  return { todo: Uint32Array.from(todo), keys };
}
