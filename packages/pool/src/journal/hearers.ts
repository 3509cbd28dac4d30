import type { CheckedParMapOptions } from '../options.js';
import type { Hearers } from '../settle/told.js';
import { JournalSession } from './session.js';

/** Who is to hear of each item of a call. A promise only where a journal has to be opened: it is to be closed at the end. */
export function hearersOf(options: CheckedParMapOptions, fn: unknown): Hearers | Promise<Hearers> {
  const onSettled = options.onSettled && untilItThrows(options.onSettled);
  if (options.journal === undefined) return { onSettled };
  return JournalSession.open(options, fn, options.setup).then((journal) => ({ onSettled, journal }));
}

/** WHY: what it throws ends the call, but parts of a stream that end meanwhile would call it once more. */
function untilItThrows(onSettled: NonNullable<Hearers['onSettled']>): NonNullable<Hearers['onSettled']> {
  let hasThrown = false;
  return (index, result) => {
    if (hasThrown) return;
    hasThrown = true;
    onSettled(index, result);
    hasThrown = false;
  };
}
