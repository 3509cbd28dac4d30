import { ForkError } from '@forkmap/core';
import { parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { isAlive } from '../helpers/processes.js';
import { rejectionOf, warmPool } from '../helpers/runs.js';
import { FATES, type Fate, fnFor } from './fates.js';

expectNoLeaks(() => warmPool());

const ITEMS = Array.from({ length: 24 }, (_, item) => item);
const AT = 11;
const CHUNK = { start: 8, end: 16 };

const kinds = (['sync', 'async'] as const).flatMap((kind) =>
  (['chunk', 'lane'] as const).map((isolation) => ({ kind, isolation })),
);

describe.each(kinds)('an item that ($kind, isolation $isolation)', ({ kind, isolation }) => {
  const fates = FATES.filter((fate) => kind === 'async' || !fate.onlyAsync);
  const call = (fate: Fate, settle: boolean) =>
    parMap(ITEMS, fnFor(fate, kind === 'async', AT), {
      chunk: 8,
      lanes: 2,
      isolation,
      concurrency: 1,
      ...fate.options,
      settle,
    });

  it.each(fates)('$name fails alone where the call settles', async (fate) => {
    const settled = (await call(fate, true)) as PromiseSettledResult<unknown>[];
    expect(settled).toHaveLength(ITEMS.length);
    for (const item of ITEMS) {
      if (item === AT) continue;
      expect(settled[item]).toEqual({ status: 'fulfilled', value: { item, square: item * item } });
    }
    expect(settled[AT]?.status).toBe('rejected');
    expectErrorOf(fate, (settled[AT] as PromiseRejectedResult).reason);
  });

  it.each(fates)('$name rejects the call', async (fate) => {
    expectErrorOf(fate, await rejectionOf(call(fate, false)));
  });
});

function expectErrorOf(fate: Fate, error: unknown): void {
  expect(error).toMatchObject(fate.error ?? {});
  if (!fate.code) {
    expect(error).not.toBeInstanceOf(ForkError);
    return;
  }
  expect(error).toBeInstanceOf(ForkError);
  expect(error).toMatchObject({ code: fate.code, index: AT, chunk: CHUNK, retryable: false });
  const { pid, message } = error as ForkError;
  expect(pid).not.toBe(process.pid);
  if (fate.isDeath) {
    expect(isAlive(pid as number)).toBe(false);
    expect(message).toMatch(
      /^item 11 of chunk \[8, 16\): .+ \[pid \d+, ran \d+ ms, private memory \d+ MiB\](\. [A-Z].+)?$/,
    );
  }
}
