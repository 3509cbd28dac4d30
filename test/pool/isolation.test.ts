/** What a chunk's child keeps, and that nothing it does to memory goes anywhere else. */
import { parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { rejectionOf, warmPool } from '../helpers/runs.js';

expectNoLeaks(() => warmPool(8));

const range = (length: number) => Array.from({ length }, (_, i) => i);

describe("isolation: 'chunk'", () => {
  it.each([1, 3])('begins every chunk of %i as the snapshot is, whichever lane runs it', async (chunk) => {
    let count = 0;
    const results = await parMap(range(12), () => [++count, process.pid], { chunk, lanes: 2 });
    expect(results.map(([n]) => n)).toEqual(range(12).map((i) => (i % chunk) + 1));
    expect(new Set(results.map(([, pid]) => pid)).size).toBe(12 / chunk);
    expect(count).toBe(0);
  });

  it('is the default where a chunk is given', async () => {
    let count = 0;
    expect(await parMap(range(4), () => ++count, { chunk: 2, lanes: 1 })).toEqual([1, 2, 1, 2]);
  });

  it('runs setup once in each child, before its first item', async () => {
    const log: string[] = [];
    const results = await parMap(range(4), (i) => log.push(`item ${i}`) && log.slice(), {
      chunk: 2,
      setup: () => void log.push('setup'),
    });
    expect(results).toEqual([
      ['setup', 'item 0'],
      ['setup', 'item 0', 'item 1'],
      ['setup', 'item 2'],
      ['setup', 'item 2', 'item 3'],
    ]);
    expect(log).toEqual([]);
  });
});

describe("isolation: 'lane'", () => {
  it('keeps one child, with its state, for all chunks of a lane', async () => {
    let count = 0;
    const results = await parMap(range(12), () => [++count, process.pid] as const, {
      chunk: 2,
      lanes: 1,
      isolation: 'lane',
    });
    expect(results.map(([n]) => n)).toEqual(range(12).map((i) => i + 1));
    expect(new Set(results.map(([, pid]) => pid)).size).toBe(1);
    expect(count).toBe(0);
  });

  it('keeps lanes apart from each other', async () => {
    let count = 0;
    const results = await parMap(range(40), () => [process.pid, ++count] as const, {
      chunk: 1,
      lanes: 3,
      isolation: 'lane',
    });
    const ofPid = new Map<number, number[]>();
    for (const [pid, n] of results) ofPid.set(pid, [...(ofPid.get(pid) ?? []), n]);
    expect(ofPid.size).toBeLessThanOrEqual(3);
    for (const counts of ofPid.values())
      expect(counts.sort((a, b) => a - b)).toEqual(range(counts.length).map((i) => i + 1));
  });

  it('runs setup once per lane', async () => {
    let setups = 0;
    const results = await parMap(range(9), () => setups, {
      chunk: 1,
      lanes: 2,
      isolation: 'lane',
      setup: () => void setups++,
    });
    expect(results).toEqual(Array(9).fill(1));
  });

  it('goes on in a fresh child after a death', async () => {
    let count = 0;
    const results = await parMap(
      range(6),
      (i) => {
        if (i === 2) process.kill(process.pid, 'SIGKILL');
        return ++count;
      },
      { chunk: 2, lanes: 1, isolation: 'lane', settle: true },
    );
    expect(results.map((r) => (r.status === 'fulfilled' ? r.value : r.reason.code))).toEqual([
      ...[1, 2],
      'ERR_FORKMAP_KILLED',
      ...[1, 2, 3],
    ]);
  });

  it('leaves nothing behind where it fails', async () => {
    const error = await rejectionOf(
      parMap(
        range(20),
        (i) => {
          if (i === 7) throw new Error('seven');
        },
        { chunk: 1, lanes: 2, isolation: 'lane' },
      ),
    );
    expect(error).toHaveProperty('message', 'seven');
  });
});

describe.each(['chunk', 'lane', 'auto'] as const)("isolation: '%s'", (isolation) => {
  it('lets no child change the origin, the snapshot, or a sibling', async () => {
    const shared = { touched: 0, bytes: new Uint8Array(4), map: new Map<number, number>() };
    const first = await parMap(
      range(6),
      (i) => {
        const seen = [shared.touched, shared.bytes[0], shared.map.size];
        shared.touched = 1;
        shared.bytes[0] = 1;
        shared.map.set(i, i);
        return seen;
      },
      { chunk: 1, lanes: 6, isolation },
    );
    if (isolation === 'chunk') expect(first).toEqual(Array(6).fill([0, 0, 0]));
    expect(shared).toEqual({ touched: 0, bytes: new Uint8Array(4), map: new Map() });
    expect(await parMap([0], () => shared.touched, { isolation })).toEqual([0]);
  });

  it('passes what is thrown by setup on, and leaves nothing running', async () => {
    const error = await rejectionOf(
      parMap(range(4), () => 1, {
        chunk: 1,
        isolation,
        setup() {
          throw new RangeError('no set-up');
        },
      }),
    );
    expect(error).toMatchObject({ name: 'RangeError', message: 'no set-up' });
  });
});
