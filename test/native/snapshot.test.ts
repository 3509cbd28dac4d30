/** What a snapshot is, between its fork and the first child's. */
import { readdirSync } from 'node:fs';
import { parMap } from '@forkmap/pool';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { openMessages } from '../helpers/pipes.js';
import { parentOf } from '../helpers/processes.js';
import { warmPool } from '../helpers/runs.js';

expectNoLeaks(() => warmPool(2));

const EVENTS = Array.from({ length: 60_000 }, (_, i) => `an event ${i}`);
/** Enough chunks for every lane to get a process of its own. */
const ITEMS = Array.from({ length: 40 }, (_, item) => item);

const threadsOf = (pid: number) => readdirSync(`/proc/${pid}/task`).length;

describe('a snapshot that has much to take away from the origin', () => {
  const listener = () => undefined;
  beforeEach(() => {
    for (const event of EVENTS) process.on(event, listener);
  });
  afterEach(() => {
    for (const event of EVENTS) process.off(event, listener);
  });

  it('gives its children the memory that it needed for that', async () => {
    const counts = await parMap(ITEMS, () => process.eventNames().length, { chunk: 1, lanes: 2 });
    expect(Math.max(...counts)).toBeLessThan(EVENTS.length);
    expect(process.listenerCount(EVENTS[0] as string)).toBe(1);
  });

  it.each([
    ['few', ITEMS],
    ['many', [...ITEMS, ...ITEMS]],
  ])('starts no thread, and neither do its lanes (%s chunks)', async (_many, items) => {
    const messages = openMessages();
    const seen = await parMap(
      items,
      (item) => {
        const lane = process.ppid;
        if (item === 0) messages.tell(String(lane));
        return { lane: threadsOf(lane), snapshot: threadsOf(parentOf(lane)) };
      },
      { chunk: 1, lanes: 2 },
    );
    expect(new Set(seen.map(({ lane, snapshot }) => `${lane} ${snapshot}`))).toEqual(new Set(['1 1']));
    expect(Number(await messages.next())).toBeGreaterThan(0);
  });
});
