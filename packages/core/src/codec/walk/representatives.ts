import { native } from '../../native.js';

type Ask = (objects: readonly unknown[]) => readonly number[] | undefined;

let ask: Ask | undefined;

/**
 * Rows of some of the objects, few, such that what is true of the keys, attributes and prototypes of these is true of
 * all: those that V8 describes by other hidden classes than the ones before. Undefined where that cannot be told, as of
 * an array that has holes or accessors. It holds until code that may change one of the objects runs.
 */
export function representatives(objects: readonly unknown[]): readonly number[] | undefined {
  ask ??= findAsk();
  return ask(objects);
}

function findAsk(): Ask {
  try {
    return native().representatives;
  } catch {
    return () => undefined; // WHY: what is spawned needs no addon; it has to look at each object.
  }
}
