import diagnostics from 'node:diagnostics_channel';
import {
  type CallTrace,
  type ChunkTrace,
  forkMap,
  forkMapSync,
  parMap,
  type SnapshotTrace,
} from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { expectNoLeaks } from '../helpers/leaks.js';
import { rejectionOf, thrownBy, warmPool } from '../helpers/runs.js';

expectNoLeaks(warmPool);

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

/** Listens as any program can, by the channels' names. */
function watch() {
  const seen: { event: string; context: unknown }[] = [];
  for (const what of ['call', 'snapshot', 'chunk']) {
    for (const event of EVENTS) {
      const name = `tracing:forkmap:${what}:${event}`;
      const subscriber = (context: unknown) => void seen.push({ event: `${what}:${event}`, context });
      diagnostics.subscribe(name, subscriber);
      releaseAtEnd(() => void diagnostics.unsubscribe(name, subscriber));
    }
  }
  const of = <T>(event: string) => seen.filter((one) => one.event === event).map((one) => one.context as T);
  return {
    events: () => seen.map(({ event }) => event),
    calls: () => of<CallTrace>('call:start'),
    snapshots: () => of<SnapshotTrace>('snapshot:asyncEnd'),
    chunks: () => of<ChunkTrace>('chunk:start'),
  };
}

describe('parMap()', () => {
  it('publishes its call, its snapshot and its chunks, each with a context of its own', async () => {
    const { calls, snapshots, chunks } = watch();
    const before = performance.now();
    await parMap(Array.from({ length: 25 }), () => 'x'.repeat(100), { name: 'letters', chunk: 10, lanes: 2 });
    const after = performance.now();

    const [call] = calls() as [CallTrace];
    expect(calls()).toEqual([
      {
        id: expect.any(Number),
        verb: 'parMap',
        name: 'letters',
        items: 25,
        lanes: 2,
        startedAt: expect.any(Number),
        endedAt: expect.any(Number),
      },
    ]);
    expect(call.startedAt).toBeGreaterThanOrEqual(before);
    expect(call.endedAt).toBeLessThanOrEqual(after);

    const [snapshot] = snapshots() as [SnapshotTrace];
    expect(snapshots()).toHaveLength(1);
    expect(snapshot.call).toBe(call);
    expect(snapshot.pid).toBeGreaterThan(0);
    expect(snapshot.timings.forkMs).toBeGreaterThan(0);
    expect(snapshot.timings.forkedAt).toBeGreaterThanOrEqual(snapshot.timings.askedAt);

    const byStart = chunks().sort((a, b) => a.start - b.start);
    expect(byStart.map(({ start, end }) => [start, end])).toEqual([
      [0, 10],
      [10, 20],
      [20, 25],
    ]);
    for (const chunk of byStart) {
      expect(chunk).toMatchObject({ call, name: 'letters', isAborted: false, error: undefined });
      expect(chunk.pid).toBeGreaterThan(0);
      expect([0, 1]).toContain(chunk.lane);
      expect(chunk.bytes).toBeGreaterThan(100);
    }
    expect(new Set(byStart.map(({ pid }) => pid)).size).toBe(3);
  });

  it('gives points of time in their order, and durations that fit between them', async () => {
    const { calls, chunks } = watch();
    await parMap([1, 2, 3, 4], spinFor5Ms, { chunk: 2, lanes: 2 });
    for (const { timings } of chunks()) {
      const { askedAt, forkedAt, beganAt, endedAt, settledAt } = timings;
      const points = [
        calls()[0]?.startedAt ?? 0,
        askedAt,
        forkedAt,
        beganAt,
        endedAt,
        settledAt,
        calls()[0]?.endedAt ?? 0,
      ];
      expect(points).toEqual([...points].sort((a, b) => a - b));
      const { forkMs, workMs, encodeMs, sendMs, decodeMs } = timings;
      for (const ms of [forkMs, encodeMs, sendMs, decodeMs]) expect(ms).toBeGreaterThan(0);
      expect(workMs).toBeGreaterThanOrEqual(10);
      expect(beganAt + workMs + encodeMs + sendMs).toBeLessThanOrEqual(endedAt);
      expect(decodeMs).toBeLessThanOrEqual(settledAt - endedAt);
    }
  });

  it('publishes start and end at once, asyncStart and asyncEnd when it is over', async () => {
    const { events } = watch();
    const running = parMap([1], (n) => n);
    expect(events()).toEqual(['call:start', 'snapshot:start', 'snapshot:end', 'call:end']);
    await running;
    expect(events()).toEqual([
      ...['call:start', 'snapshot:start', 'snapshot:end', 'call:end'],
      ...['snapshot:asyncStart', 'snapshot:asyncEnd'],
      ...['chunk:start', 'chunk:end', 'chunk:asyncStart', 'chunk:asyncEnd'],
      ...['call:asyncStart', 'call:asyncEnd'],
    ]);
  });

  it('publishes the death of a child as an error of its chunk', async () => {
    const { chunks, events } = watch();
    const die = (n: number) => (n === 2 ? process.kill(process.pid, 'SIGKILL') : n);
    await parMap([1, 2, 3], die, { settle: true, chunk: 3 });
    expect(events().filter((event) => event.endsWith(':error'))).toEqual(['chunk:error']);
    expect(chunks().map(({ start, end, error }) => [start, end, (error as { code?: string })?.code])).toEqual(
      [
        [0, 3, 'ERR_FORKMAP_KILLED'],
        [2, 3, undefined],
      ],
    );
  });

  it('publishes what the function threw as an error of the call, and not of the chunk', async () => {
    const { calls, events } = watch();
    const error = await rejectionOf(
      parMap([1], () => {
        throw new RangeError('mine');
      }),
    );
    expect(calls()[0]?.error).toBe(error);
    expect(events().filter((event) => event.endsWith(':error'))).toEqual(['call:error']);
  });

  it('says which children were ended because the call was stopped', async () => {
    const { chunks } = watch();
    const work = (n: number) => {
      if (n === 0) throw new Error('first');
      for (;;);
    };
    await rejectionOf(parMap([0, 1], work, { chunk: 1, lanes: 2 }));
    const [first, second] = chunks().sort((a, b) => a.start - b.start);
    expect(first).toMatchObject({ isAborted: false, error: undefined });
    expect(second).toMatchObject({ isAborted: true, error: undefined });
  });

  it('has what a child wrote, where that is captured', async () => {
    const { chunks } = watch();
    await parMap([1], () => process.stdout.write('said'), { stdio: 'capture' });
    expect(chunks()[0]).toMatchObject({ stdout: 'said', stderr: undefined });
  });

  it('shows a child that is kept as forked once', async () => {
    const { chunks } = watch();
    await parMap([1, 2, 3, 4], (n) => n, { chunk: 1, lanes: 1, isolation: 'lane' });
    expect(chunks().map(({ timings }) => timings.forkMs > 0)).toEqual([true, false, false, false]);
    expect(new Set(chunks().map(({ pid }) => pid)).size).toBe(1);
  });
});

describe('forkMap()', () => {
  it('publishes one chunk of one item', async () => {
    const { events, calls, chunks } = watch();
    await forkMap(async () => 1, { name: 'single' });
    expect(calls()).toMatchObject([{ verb: 'forkMap', name: 'single', items: 1, lanes: 1 }]);
    expect(chunks()).toMatchObject([{ start: 0, end: 1, lane: 0, name: 'single' }]);
    expect(events()).toEqual([
      ...['call:start', 'chunk:start', 'chunk:end', 'call:end'],
      ...['chunk:asyncStart', 'chunk:asyncEnd', 'call:asyncStart', 'call:asyncEnd'],
    ]);
  });
});

describe('forkMapSync()', () => {
  it('publishes no asynchronous events', () => {
    const { events, chunks } = watch();
    forkMapSync(() => 1);
    expect(events()).toEqual(['call:start', 'chunk:start', 'chunk:end', 'call:end']);
    expect(chunks()[0]?.timings.forkMs).toBeGreaterThan(0);
  });

  it('publishes what was thrown', () => {
    const { calls, events } = watch();
    const error = thrownBy(() =>
      forkMapSync(() => {
        throw new Error('mine');
      }),
    );
    expect(events()).toEqual(['call:start', 'chunk:start', 'chunk:end', 'call:error', 'call:end']);
    expect(calls()[0]?.error).toBe(error);
  });
});

it('a subscriber that throws does not change the result', async () => {
  const thrown: unknown[] = [];
  const catchIt = (error: unknown) => void thrown.push(error);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', catchIt);
  const subscriber = () => {
    throw new Error('of the subscriber');
  };
  diagnostics.subscribe('tracing:forkmap:call:start', subscriber);
  releaseAtEnd(() => {
    diagnostics.unsubscribe('tracing:forkmap:call:start', subscriber);
    process.off('uncaughtException', catchIt);
    for (const other of others) process.on('uncaughtException', other);
  });
  expect(await parMap([1, 2], (n) => n * 2)).toEqual([2, 4]);
  expect(thrown).toMatchObject([{ message: 'of the subscriber' }]);
});

function spinFor5Ms(): void {
  const end = performance.now() + 5;
  while (performance.now() < end);
}
