import { type Explanation, parMap } from '@forkmap/pool';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { rejectionOf, warmPool } from '../helpers/runs.js';

expectNoLeaks(warmPool);

const items = Array.from({ length: 40 }, (_, n) => n);

async function explained(run: (explain: (explanation: Explanation) => void) => Promise<unknown>) {
  const told: Explanation[] = [];
  await run((explanation) => void told.push(explanation)).catch(() => undefined);
  expect(told).toHaveLength(1);
  return told[0] as Explanation;
}

describe('parMap({ explain })', () => {
  // As many CPUs as the calls have lanes, whatever the machine has.
  beforeEach(() => vi.stubEnv('FORKMAP_LANES', '2'));
  afterEach(() => vi.unstubAllEnvs());

  it('tells where the time of the lanes went, to the last of it', async () => {
    const { text, totalMs, snapshotMs, lanesMs, bestChunk, ...rest } = await explained((explain) =>
      parMap(items, spinFor2Ms, { name: 'spins', chunk: 10, lanes: 2, explain }),
    );
    expect(rest).toEqual({
      ...{ call: "parMap 'spins'", items: 40, lanes: 2, chunks: 4, forks: 4, deaths: 0 },
      ...{ bytes: expect.any(Number), chunkItems: [10, 10], notes: [] },
    });
    expect(lanesMs.work).toBeGreaterThanOrEqual(80);
    for (const ms of Object.values(lanesMs)) expect(ms).toBeGreaterThanOrEqual(0);
    const sum = Object.values(lanesMs).reduce((a, b) => a + b, 0);
    expect(snapshotMs).toBeGreaterThan(0);
    // Besides, there are the beginning of the call and the wait for the event loop.
    expect(sum / 2 + snapshotMs).toBeLessThanOrEqual(totalMs + 1);
    expect(sum / 2 + snapshotMs).toBeGreaterThan(totalMs * 0.5);
    expect(bestChunk).toBeGreaterThanOrEqual(1);
    expect(bestChunk).toBeLessThanOrEqual(20);
    expect(text).toMatch(
      /^parMap 'spins': 40 items in [\d.]+ ms on 2 lanes; 4 chunks of 10, 4 forks, \d+ bytes sent$/m,
    );
    for (const part of ['snapshot', 'fork', 'work', 'encode', 'send', 'decode', 'around', 'idle']) {
      expect(text).toMatch(new RegExp(`^ {2}${part} +[\\d.]+ ms `, 'm'));
    }
    expect(text).toMatch(/^ {2}best chunk, as far as this call could tell: \d+$/m);
  });

  it('shows a lane that is idle', async () => {
    const { lanesMs, totalMs } = await explained((explain) =>
      parMap([1, 200], spinFor, { chunk: 1, lanes: 2, explain }),
    );
    expect(lanesMs.idle).toBeGreaterThan(50);
    expect(lanesMs.idle).toBeLessThanOrEqual(2 * totalMs - lanesMs.work);
  });

  it('counts CPUs that had no lane as idle', async () => {
    const one = await explained((explain) => parMap([20], spinFor, { explain }));
    expect(one.lanes).toBe(1);
    expect(one.lanesMs.idle).toBeGreaterThanOrEqual(20);
    expect(one.text).toMatch(/^ {2}idle .* CPUs without a lane$/m);
  });

  it('says that concurrency is of no use to a synchronous function, and says it of no other', async () => {
    const note =
      'concurrency: 4 was of no use: the function is synchronous, and a child runs one such item at a time';
    const told = await explained((explain) => parMap(items, (n) => n, { concurrency: 4, explain }));
    expect(told.notes).toEqual([note]);
    expect(told.text).toContain(`  ${note}\n`);
    const used = await explained((explain) => parMap(items, async (n) => n, { concurrency: 4, explain }));
    expect(used.notes).toEqual([]);
  });

  it('counts deaths', async () => {
    const { deaths, forks } = await explained((explain) =>
      parMap([1, 2], (n) => n === 1 && process.kill(process.pid, 'SIGKILL'), { settle: true, explain }),
    );
    expect({ deaths, forks }).toEqual({ deaths: 1, forks: 2 });
  });

  it('tells of a call that fails, too, and says what it does not know', async () => {
    const { bestChunk, text } = await explained((explain) =>
      rejectionOf(parMap([1], () => process.exit(1), { explain })),
    );
    expect(bestChunk).toBeUndefined();
    expect(text).toMatch(/the best chunk is not known/);
  });

  it('prints on standard error', async () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await parMap([1], (n) => n, { explain: true });
    expect(write.mock.calls).toEqual([[expect.stringMatching(/^parMap: 1 item in /)]]);
    write.mockRestore();
  });

  it('is quiet otherwise', async () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await parMap([1], (n) => n, { explain: false });
    expect(write.mock.calls).toEqual([]);
    write.mockRestore();
  });

  it('is a boolean or a function', async () => {
    const error = await rejectionOf(parMap([1], (n) => n, { explain: 'yes' as never }));
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });
});

function spinFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

function spinFor2Ms(): void {
  spinFor(2);
}
