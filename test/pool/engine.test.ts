import { parMap } from '@forkmap/pool';
import { afterEach, describe, expect, test } from 'vitest';

const origin = process.pid;
const pids = (engine?: 'auto' | 'fork' | 'inline') =>
  parMap([1, 2], () => process.pid, { ...(engine && { engine }) });

afterEach(() => {
  delete process.env.FORKMAP_ENGINE;
});

describe('parMap() engine', () => {
  test('forks by default, and runs in this process where it is told to', async () => {
    expect(await pids()).not.toContain(origin);
    expect(await pids('inline')).toEqual([origin, origin]);
  });

  test('follows FORKMAP_ENGINE where the call does not say', async () => {
    process.env.FORKMAP_ENGINE = 'inline';
    expect(await pids()).toEqual([origin, origin]);
    expect(await pids('fork')).not.toContain(origin);
  });

  test('rejects a FORKMAP_ENGINE that does not exist', async () => {
    process.env.FORKMAP_ENGINE = 'inlined';
    await expect(pids()).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });

  test('says that closures cannot be spawned', async () => {
    const spawned = parMap([1], (x) => x, { engine: 'spawn' });
    await expect(spawned).rejects.toMatchObject({ code: 'ERR_FORKMAP_UNSUPPORTED', retryable: true });
  });
});
