import { missingThreads } from '@forkmap/core/internal';
import { whyNoDrivers } from '../engine/fork/drivers.js';
import type { Finding } from './finding.js';
import { plural } from './proc.js';

/** Live threads, and whether more may be started. Only the one that forks goes on in a child. */
export function findThreads(): Finding {
  const why = whyNoDrivers();
  if (why) {
    const advice = 'Until then, forkMap and forkMapSync work alone.';
    return { topic: 'threads', level: 'warning', found: why, advice };
  }
  const threads = missingThreads();
  if (!threads) {
    return { topic: 'threads', level: 'note', found: 'not known: there is no /proc', advice: 'Mount /proc.' };
  }
  const { total, strange, names } = threads;
  const found =
    `${plural(total, 'thread')}, of which ${strange} ${strange === 1 ? 'is' : 'are'} not Node's usual ones` +
    (names.size > 0 ? ` (${[...names.keys()].join(', ')})` : '');
  if (strange === 0) {
    return {
      topic: 'threads',
      level: 'ok',
      found,
      advice: 'Nothing to do: V8 is brought to rest for each fork.',
    };
  }
  return {
    topic: 'threads',
    level: 'note',
    found,
    advice:
      'Only the thread that forks goes on in a child: what waits for another one there is ended as ' +
      'ERR_FORKMAP_DEADLOCK. Let the first use of a library that computes on threads of its own be in the children ' +
      "(setup), call keep() before its first use, or run a task with engine: 'spawn'.",
  };
}
