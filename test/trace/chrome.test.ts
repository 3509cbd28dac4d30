import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { parMap, traceToFile } from '@forkmap/pool';
import { beforeEach, describe, expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { expectNoLeaks } from '../helpers/leaks.js';
import { runProgram } from '../helpers/processes.js';
import { warmPool } from '../helpers/runs.js';

expectNoLeaks(warmPool);

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur: number;
  s?: string;
  cat?: string;
  args?: Record<string, unknown>;
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as TraceEvent[];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'forkmap-trace-'));
  releaseAtEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What one run of the program wrote. */
async function traceOfAllKinds(): Promise<TraceEvent[]> {
  const path = join(temporaryFolder(), 'trace.json');
  const end = await runProgram('makes-calls-of-all-kinds.mjs', { env: { FORKMAP_TRACE: path } });
  expect(end).toMatchObject({ code: 0, stdout: 'RangeError\n', stderr: '' });
  return read(path);
}

let traced: Promise<TraceEvent[]> | undefined;

describe('the file of FORKMAP_TRACE', () => {
  let events: TraceEvent[];
  const spans = (name: RegExp) => events.filter(({ ph, name: own }) => ph === 'X' && name.test(own));
  const rowOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const nameOf = (event: TraceEvent) =>
    events.find(
      ({ ph, name, ...row }) =>
        ph === 'M' && name === 'thread_name' && rowOf(row as TraceEvent) === rowOf(event),
    )?.args?.name;

  beforeEach(async () => {
    traced ??= traceOfAllKinds();
    events = await traced;
  });

  it('has events of the shape that the format asks for', () => {
    for (const event of events) {
      expect(event).toMatchObject({
        name: expect.any(String),
        pid: expect.any(Number),
        tid: expect.any(Number),
      });
      if (event.ph === 'M') {
        expect(['process_name', 'thread_name', 'thread_sort_index']).toContain(event.name);
        expect(event.args).toBeDefined();
      } else {
        expect(event).toMatchObject({ ts: expect.any(Number), cat: 'forkmap' });
        if (event.ph === 'X') expect(event.dur).toBeGreaterThanOrEqual(0);
        else expect(event).toMatchObject({ ph: 'i', s: 't' });
      }
    }
  });

  it('has spans that lie side by side or within one another, in every row', () => {
    const rows = new Map<string, TraceEvent[]>();
    for (const span of spans(/./)) rows.set(rowOf(span), [...(rows.get(rowOf(span)) ?? []), span]);
    for (const [row, inRow] of rows) {
      const open: TraceEvent[] = [];
      for (const span of inRow.sort((a, b) => a.ts - b.ts || b.dur - a.dur)) {
        while (open.length > 0 && endOf(open.at(-1)) <= span.ts) open.pop();
        const around = open.at(-1);
        if (around)
          expect(endOf(span), `${row}: ${span.name} in ${around.name}`).toBeLessThanOrEqual(endOf(around));
        open.push(span);
      }
    }
  });

  it('names a row per lane, and one for the caller', () => {
    for (const span of spans(/^(chunk|fork$|work|encode|send)/)) expect(nameOf(span)).toMatch(/^lane [01]$/);
    for (const span of spans(/^(parMap|forkMap|snapshot|decode)/)) expect(nameOf(span)).toBe('caller');
  });

  it('has calls, snapshots, chunks, forks, work, encoding, sending and decoding', () => {
    const calls = spans(/^(parMap|forkMap)/).map(({ name }) => name);
    expect(calls.sort()).toEqual([
      'forkMap',
      'forkMapSync one',
      'parMap',
      'parMap',
      'parMap dies',
      'parMap left',
      'parMap right',
      'parMap some',
    ]);
    expect(spans(/^snapshot$/)).toHaveLength(6);
    for (const name of [/^chunk \[/, /^fork$/, /^work$/, /^encode$/, /^send$/, /^decode \[/]) {
      expect(spans(name).length, String(name)).toBeGreaterThanOrEqual(18);
    }
    expect(spans(/^chunk \[0, 10\)/)[0]?.args).toMatchObject({
      items: 10,
      pid: expect.any(Number),
      bytes: expect.any(Number),
    });
  });

  it('marks a death and a failed call', () => {
    const marks = events.filter(({ ph }) => ph === 'i');
    expect(marks.map(({ name }) => name)).toEqual([
      'died: ERR_FORKMAP_KILLED SIGKILL',
      'failed: RangeError: of its own',
    ]);
    expect(marks.map(nameOf)).toEqual([expect.stringMatching(/^lane/), 'caller']);
  });

  it('gives calls at the same time rows of their own', () => {
    const [left, right] = [spans(/left/)[0], spans(/right/)[0]];
    expect(new Set([left?.pid, right?.pid]).size).toBe(2);
    expect(new Set(spans(/^(parMap|forkMap)/).map(({ pid }) => pid)).size).toBe(2);
  });
});

it('a file that cannot be made is a warning, and the call goes on', async () => {
  const end = await runProgram('makes-calls-of-all-kinds.mjs', {
    env: { FORKMAP_TRACE: '/nowhere/trace.json' },
  });
  expect(end).toMatchObject({ code: 0, stdout: 'RangeError\n' });
  expect(end.stderr).toMatch(/ForkmapWarning: FORKMAP_TRACE: ENOENT/);
});

describe('traceToFile()', () => {
  it('writes what happens until it is stopped', async () => {
    const path = join(temporaryFolder(), 'of-%p.json');
    const stop = traceToFile(path);
    await parMap([1], (n) => n, { name: 'seen' });
    stop();
    await parMap([1], (n) => n, { name: 'unseen' });
    const names = read(path.replace('%p', String(process.pid))).map(({ name }) => name);
    expect(names).toContain('parMap seen');
    expect(names).not.toContain('parMap unseen');
  });

  it('throws where the file cannot be made', () => {
    expect(() => traceToFile('/nowhere/trace.json')).toThrow(/ENOENT/);
  });

  it('writes a file of its own in a worker thread', async () => {
    const folder = temporaryFolder();
    const code = `import(${JSON.stringify(import.meta.resolve('@forkmap/pool'))}).then(async ({ parMap, traceToFile }) => {
      const stop = traceToFile(${JSON.stringify(join(folder, 'trace.json'))});
      await parMap([1], (n) => n);
      stop();
    })`;
    const worker = new Worker(code, { eval: true });
    const exited = await new Promise((resolve) => worker.on('exit', resolve));
    expect(exited).toBe(0);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^trace\.\d+\.json$/)]);
  });

  it('is not written to by a child that makes calls itself', async () => {
    const path = join(temporaryFolder(), 'trace.json');
    const stop = traceToFile(path);
    const inner = async () => (await import('@forkmap/core')).forkMapSync(() => 'inner', { name: 'inner' });
    expect(await parMap([1], inner, { name: 'outer' })).toEqual(['inner']);
    stop();
    const names = read(path).map(({ name }) => name);
    expect(names).toContain('parMap outer');
    expect(names).not.toContain('forkMapSync inner');
  });
});

function endOf(event: TraceEvent | undefined): number {
  return event ? event.ts + event.dur : Number.NEGATIVE_INFINITY;
}
