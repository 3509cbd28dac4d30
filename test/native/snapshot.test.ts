/** What a snapshot is, between its fork and the first child's. */
import { readdirSync, readFileSync } from 'node:fs';
import { parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { openMessages } from '../helpers/pipes.js';
import { warmPool } from '../helpers/runs.js';

expectNoLeaks(() => warmPool(2));

const EVENTS = Array.from({ length: 60_000 }, (_, i) => `an event ${i}`);
/** Enough chunks for every lane to get a process of its own. */
const ITEMS = Array.from({ length: 40 }, (_, item) => item);

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]);
}

const threadsOf = (pid: number) => readdirSync(`/proc/${pid}/task`).length;

describe('a snapshot that has much to take away from the origin', () => {
  const listener = () => undefined;

  it('gives its children the memory that it needed for that', async () => {
    for (const event of EVENTS) process.on(event, listener);
    try {
      const counts = await parMap(ITEMS, () => process.eventNames().length, { chunk: 1, lanes: 2 });
      expect(Math.max(...counts)).toBeLessThan(EVENTS.length);
      expect(process.listenerCount(EVENTS[0] as string)).toBe(1);
    } finally {
      for (const event of EVENTS) process.off(event, listener);
    }
  });

  it('starts no thread, and neither do its lanes', async () => {
    for (const event of EVENTS) process.on(event, listener);
    const messages = openMessages();
    try {
      const seen = await parMap(
        ITEMS,
        (item) => {
          const lane = process.ppid;
          if (item === 0) messages.tell(String(lane));
          return { lane: threadsOf(lane), snapshot: threadsOf(parentOf(lane)) };
        },
        { chunk: 1, lanes: 2 },
      );
      expect(new Set(seen.map(({ lane, snapshot }) => `${lane} ${snapshot}`))).toEqual(new Set(['1 1']));
      expect(Number(await messages.next())).toBeGreaterThan(0);
    } finally {
      for (const event of EVENTS) process.off(event, listener);
    }
  });
});
