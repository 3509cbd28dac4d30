import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ParMapOptions, parForEach, parMap, parStream, sharedArray } from '@forkmap/pool';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';
import { taskOf } from '../helpers/tasks.js';

expectNoLeaks(() => warmPool(4));

const dir = mkdtempSync(join(tmpdir(), 'journal-'));
afterAll(() => rmSync(dir, { recursive: true }));

const items = Array.from({ length: 40 }, (_, id) => ({ id, at: new Date(id) }));
type Item = (typeof items)[number];
const begun = sharedArray(Int32Array, 100);
let file: string;
let files = 0;
const square = ({ id, at }: Item) => {
  begun[id] = (begun[id] as number) + 1;
  return { id, at, square: id * id };
};
const squares = (list: Item[]) => list.map(({ id, at }) => ({ id, at, square: id * id }));

beforeEach(() => {
  begun.fill(0);
  file = join(dir, `${files++}.ndjson`);
});

/** Runs the call, and says which items it has begun. */
async function run(list: Item[], options: ParMapOptions = {}, fn: (item: Item) => unknown = square) {
  begun.fill(0);
  const results = await parMap(list, fn, { chunk: 5, lanes: 2, journal: { file, version: '1' }, ...options });
  return { results, ran: [...begun].flatMap((count, id) => (count > 0 ? [id] : [])) };
}

const lines = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);

describe('a journal', () => {
  it('gives results again as they were, and runs nothing', async () => {
    expect((await run(items)).results).toEqual(squares(items));
    const told: number[] = [];
    const again = await run(items, { onSettled: (index) => void told.push(index) });
    expect(again).toEqual({ results: squares(items), ran: [] });
    expect(told).toEqual(items.map(({ id }) => id));
    expect(lines()).toHaveLength(1 + items.length);
  });

  it('knows items by their content: reversed, thinned out, and with new ones on top', async () => {
    await run(items);
    const reversed = items.toReversed();
    expect(await run(reversed)).toEqual({ results: squares(reversed), ran: [] });
    const third = items.filter(({ id }) => id % 3 === 0);
    expect(await run(third)).toEqual({ results: squares(third), ran: [] });
    const fresh = Array.from({ length: 10 }, (_, at) => ({ id: 50 + at, at: new Date(0) }));
    const longer = [...fresh, ...items];
    expect(await run(longer)).toEqual({ results: squares(longer), ran: fresh.map(({ id }) => id) });
  });

  it('tells equal items apart by their count', async () => {
    const twice = [items[1], items[1], items[2]] as Item[];
    const result = () => process.hrtime.bigint();
    const { results } = await run(twice, {}, result);
    expect((await run(twice, {}, result)).results).toEqual(results);
    const thrice = [items[1], ...twice] as Item[];
    const { results: more } = await run(thrice, {}, result);
    expect(more.slice(0, 2)).toEqual(results.slice(0, 2));
    expect(more[3]).toEqual(results[2]);
    expect(results).not.toContain(more[2]);
  });

  it('knows items by a key of their own', async () => {
    const journal = { file, version: '1', key: ({ id }: Item) => String(id) };
    await run(items, { journal });
    const others = items.map(({ id }) => ({ id, at: new Date(id + 1000) }));
    expect((await run(others, { journal })).ran).toEqual([]);
    await expect(run(items)).rejects.toThrow('option key was function and is content');
  });

  it('gives failures again, and tries them only when told to', async () => {
    const fails = (item: Item) => {
      square(item);
      if (item.id === 7) throw Object.assign(new RangeError('not 7'), { item: 7 });
      return item.id;
    };
    await run(items, { settle: true }, fails);
    const again = await run(items, { settle: true }, fails);
    expect(again.ran).toEqual([]);
    expect(again.results[7]).toMatchObject({ status: 'rejected', reason: expect.any(RangeError) });
    expect(again.results[7]).toMatchObject({ reason: { message: 'not 7', item: 7 } });
    await expect(run(items, {}, fails)).rejects.toThrow('not 7');
    const journal = { file, version: '1', retryFailed: true };
    expect((await run(items, { journal, settle: true }, fails)).ran).toEqual([7]);
    expect((await run(items, { journal })).ran).toEqual([7]);
    expect((await run(items)).ran).toEqual([]);
  });

  it('keeps what a call that failed or was aborted had come to', async () => {
    const controller = new AbortController();
    let told = 0;
    const options: ParMapOptions = {
      ...{ chunk: 1, lanes: 1, signal: controller.signal },
      onSettled: () => {
        told += 1;
        if (told === 5) controller.abort(new Error('enough'));
      },
    };
    await expect(run(items, options)).rejects.toThrow('enough');
    expect((await run(items)).ran).toEqual(items.slice(5).map(({ id }) => id));
  });

  it('does not keep what halt has ended', async () => {
    const fails = (item: Item) => {
      square(item);
      if (item.id < 3) throw new Error('no');
      return item.id;
    };
    await run(items, { settle: true, halt: 3, chunk: 1, lanes: 1 }, fails);
    const { ran } = await run(items, { settle: true }, fails);
    expect(ran).toEqual(items.slice(3).map(({ id }) => id));
  });

  it('has its seed by the items of this call, known or not', async () => {
    const draw = () => Math.random();
    const journal = { file, version: '1' };
    const expected = await parMap(items, draw, { seed: 1 });
    await parMap(items.slice(0, 9), draw, { seed: 1, journal });
    expect(await parMap(items, draw, { seed: 1, journal })).toEqual(expected);
    await expect(parMap(items, draw, { seed: 2, journal })).rejects.toThrow('option seed was 1 and is 2');
  });
});

describe.each(['fork', 'spawn', 'inline'] as const)('a journal of a task (%s)', (engine) => {
  const numbers = Array.from({ length: 20 }, (_, at) => at);
  const options = () => ({ engine, lanes: 2, chunk: 4, journal: file }) satisfies ParMapOptions;

  it('needs no version, and is the same for every verb', async () => {
    const told: number[] = [];
    const onSettled = (index: number) => void told.push(index);
    const expected = numbers.map((at) => at * at);
    expect(await parMap(numbers.slice(5), taskOf('square'), options())).toEqual(expected.slice(5));
    const streamed = [];
    for await (const value of parStream(numbers, taskOf('square'), options())) streamed.push(value);
    expect(streamed).toEqual(expected);
    expect(lines()).toHaveLength(1 + numbers.length);
    await parForEach(numbers, taskOf('square'), { ...options(), onSettled });
    expect(told).toEqual(numbers);
    expect(lines()).toHaveLength(1 + numbers.length);
  });
});

describe('a journal is refused', () => {
  const refused = (message: string | RegExp) => ({
    code: 'ERR_FORKMAP_JOURNAL',
    retryable: true,
    message: expect.stringMatching(message),
  });

  it('for a closure without a version', async () => {
    const call = run(items, { journal: file });
    await expect(call).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    expect(existsSync(file)).toBe(false);
  });

  it('where the version has changed, and is used or begun anew when told to', async () => {
    await run(items);
    await expect(run(items, { journal: { file, version: '2' } })).rejects.toMatchObject(
      refused('version was 1 and is 2'),
    );
    expect((await run(items, { journal: { file, version: '2', onChange: 'keep' } })).ran).toEqual([]);
    expect((await run(items, { journal: { file, version: '2' } })).ran).toEqual([]);
    const anew = await run(items, { journal: { file, version: '3', onChange: 'rerun' } });
    expect(anew.ran).toHaveLength(items.length);
    expect(readFileSync(`${file}.old`, 'utf8')).toContain('"version":"2"');
  });

  it.each(['no journal\n', '{"a":1}\n', 'without an end', '{"journal":"forkmap journal","format":99}\n'])(
    'where the file is %j, which is left as it is',
    async (text) => {
      writeFileSync(file, text);
      await expect(run(items)).rejects.toMatchObject(refused('cannot be used as a journal'));
      expect(readFileSync(file, 'utf8')).toBe(text);
    },
  );

  it('while another call writes to it', async () => {
    const first = run(items);
    await expect(parMap(items, square, { journal: { file, version: '1' } })).rejects.toMatchObject(
      refused(`being written by process ${process.pid}`),
    );
    expect((await first).results).toEqual(squares(items));
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it('while a process of another machine may write to it', async () => {
    writeFileSync(`${file}.lock`, JSON.stringify({ pid: 1, began: '', host: 'elsewhere', id: 'x' }));
    await expect(run(items)).rejects.toMatchObject(refused('process 1 on elsewhere. If it is gone, delete'));
  });

  it('not by the lock of a process that has ended', async () => {
    const gone = { pid: process.pid, began: 'another boot/1', host: hostname(), id: 'x' };
    writeFileSync(`${file}.lock`, JSON.stringify(gone));
    expect((await run(items)).ran).toHaveLength(items.length);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it('for an item that nothing can be known by', async () => {
    const call = parMap([1, () => 2], () => 3, { journal: { file, version: '1' } });
    await expect(call).rejects.toMatchObject({ code: 'ERR_FORKMAP_SERIALIZE_INPUT', index: 1 });
  });
});

describe('a file that was cut short', () => {
  it('loses its torn last line, whose item is run again', async () => {
    await run(items, { lanes: 1 });
    const whole = readFileSync(file, 'utf8');
    for (const cut of [1, 20, 60]) {
      writeFileSync(file, whole.slice(0, -cut));
      const { results, ran } = await run(items);
      expect(results).toEqual(squares(items));
      expect(ran).toHaveLength(1);
    }
    expect(lines()).toHaveLength(1 + items.length);
  });

  it('has lines that mean nothing in the middle, which are passed over', async () => {
    await run(items.slice(0, 10));
    appendFileSync(file, `${'\0'.repeat(100)}\n{"k":"${'0'.repeat(32)}","v":{to\n`);
    expect((await run(items)).ran).toEqual(items.slice(10).map(({ id }) => id));
  });

  it('is begun anew where its header is torn', async () => {
    writeFileSync(file, '{"journal":"fork');
    expect((await run(items)).ran).toHaveLength(items.length);
    expect((await run(items)).ran).toHaveLength(0);
  });
});
