import { expect, it } from 'vitest';
import { judgeClaims } from '../../bench/report/must-show.js';
import type { BenchResult, ContenderRow, SweepCell } from '../../bench/result.js';
import { type Cell, runInTurn } from '../../bench/schedule.js';
import { summarize } from '../../bench/stats.js';

const took = (...ms: number[]) => summarize(ms);

function resultOf(part: Partial<BenchResult>): BenchResult {
  return { lanes: 2, failed: [], ...part } as BenchResult;
}

function heldOf(part: Partial<BenchResult>, what: RegExp): { holds: boolean | undefined; got: string } {
  const claim = judgeClaims(resultOf(part)).find((each) => what.test(each.what));
  if (!claim) throw new Error(`no claim is about ${what}`);
  return { holds: claim.holds, got: claim.got };
}

it('a summary has the median and the quartiles', () => {
  expect(summarize([4, 1, 3, 2, 5])).toEqual({ median: 3, low: 2, high: 4, n: 5 });
  expect(summarize([1, 2])).toMatchObject({ median: 1.5, n: 2 });
  expect(() => summarize([])).toThrow(RangeError);
});

it('cells take turns, and one that fails is left out from then on', async () => {
  const order: string[] = [];
  const cell = (name: string): Cell => ({
    name,
    run: async () => {
      order.push(name);
      if (name === 'b') throw new Error('no');
    },
  });
  const cells = [cell('a'), cell('b'), cell('c')];
  const failed = await runInTurn(cells, { rounds: 2, budgetMs: 1e9, log: () => {} });
  expect(order).toEqual(['a', 'b', 'c', 'a', 'c']);
  expect(failed).toEqual(['b: no']);
});

it('the first round is whole however little time there is', async () => {
  let runs = 0;
  const cell = { name: 'one', run: async () => void runs++ };
  await runInTurn([cell, cell], { rounds: 9, budgetMs: -1, log: () => {} });
  expect(runs).toBe(2);
});

it('what was not measured is neither held nor missed', () => {
  for (const { holds, got } of judgeClaims(resultOf({})))
    expect({ holds, got }).toMatchObject({ got: 'not measured' });
});

it('a child is held against the floor on the worst heap', () => {
  const row = (rung: 'floor' | 'many-chunks', heapMb: number, ms: number) => ({
    rung,
    heapMb,
    rssMb: 1,
    ms: took(ms),
  });
  const good = [row('floor', 50, 10), row('many-chunks', 50, 12)];
  const bad = [row('floor', 400, 10), row('many-chunks', 400, 14)];
  expect(heldOf({ ladder: good }, /floor/)).toMatchObject({ holds: true });
  expect(heldOf({ ladder: [...good, ...bad] }, /floor/)).toMatchObject({ holds: false });
  expect(heldOf({ ladder: [...good, ...bad] }, /floor/).got).toContain('1.40 times');
});

it('forkmap is held against the best contender, not against any', () => {
  const row = (label: string, kind: ContenderRow['kind'], ms: number): ContenderRow => ({
    ...{ workload: 'objects', label, kind, cold: took(ms), warm: took(ms) },
  });
  const contenders = [row('parMap', 'forkmap', 100), row('slow', 'node', 900), row('quick', 'node', 150)];
  expect(heldOf({ contenders }, /small objects/)).toEqual({
    holds: false,
    got: '1.50 times (quick 150 ms against 100 ms, parMap)',
  });
});

it("chunk 'auto' is held against the best fixed chunk of the same cell", () => {
  const cell = (chunk: SweepCell['chunk'], ms: number, heapMb = 50): SweepCell => ({
    ...{ itemUs: 10, heapMb, isolation: 'chunk', chunk, items: 100, ms: took(ms) },
    ...{ overheadUsPerItem: 1, forks: 1, rssMb: 1 },
  });
  expect(heldOf({ sweep: [cell(8, 100), cell(64, 50), cell('auto', 54)] }, /best fixed chunk/)).toMatchObject(
    {
      holds: true,
    },
  );
  expect(
    heldOf({ sweep: [cell(64, 50), cell('auto', 60), cell(8, 1, 200)] }, /best fixed chunk/),
  ).toMatchObject({ holds: false });
});

it('a call without options is held against the best of the other ways', () => {
  const row = (list: string, label: string, ms: number) => ({ list, label, ms: took(ms) });
  const heavy = /short lists of heavy items/;
  const list = '300 items of 5 ms';
  const rows = [row(list, 'no options', 760), row(list, 'chunk: 150', 800), row(list, 'chunk: 30', 750)];
  expect(heldOf({ defaults: rows }, heavy)).toMatchObject({
    ...{ holds: true, got: expect.stringContaining('chunk: 30') },
  });
  const worse = [row('2 items of 500 ms', 'no options', 1000), row('2 items of 500 ms', 'chunk: 1', 505)];
  expect(heldOf({ defaults: [...rows, ...worse] }, heavy).holds).toBe(false);
  const none = [row('100 numbers', 'no options', 6), row('100 numbers', 'one chunk in one child', 5)];
  expect(heldOf({ defaults: [...worse, ...none] }, /100 numbers without options/).holds).toBe(true);
});

it('each workload without options is held against the best of auto and lane', () => {
  const row = (label: string, kind: ContenderRow['kind'], ms: number): ContenderRow => ({
    ...{ workload: 'validate', label, kind, cold: took(ms), warm: took(ms) },
  });
  const rows = [
    row('serial loop', 'serial', 100),
    row('parMap', 'forkmap', 110),
    row("parMap, chunk: 'auto'", 'forkmap', 100),
    row("parMap, isolation: 'lane'", 'forkmap', 120),
    row('piscina', 'node', 130),
  ];
  expect(heldOf({ contenders: rows }, /each workload without options/).holds).toBe(true);
  expect(heldOf({ contenders: rows }, /ajv validator without options/).holds).toBe(true);
  expect(heldOf({ contenders: rows }, /the same, against piscina, warm/).holds).toBe(true);
  const slow = rows.map((each) => (each.label === 'parMap' ? row('parMap', 'forkmap', 140) : each));
  expect(heldOf({ contenders: slow }, /each workload without options/).holds).toBe(false);
  expect(heldOf({ contenders: slow }, /ajv validator without options/).holds).toBe(false);
  expect(heldOf({ contenders: slow }, /the same, against piscina, warm/).holds).toBe(false);
});
