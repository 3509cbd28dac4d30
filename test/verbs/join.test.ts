import { join } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { rejectionOf, warmPool } from '../helpers/runs.js';

expectNoLeaks(() => warmPool(8));

const fail =
  (message: string, afterMs = 0) =>
  () => {
    for (const end = performance.now() + afterMs; performance.now() < end; );
    throw new Error(message);
  };
const forever = (): never => {
  for (;;);
};

describe('join()', () => {
  it('gives what each of its functions gives, in their order', async () => {
    const data = { deep: new Map([[1, 'one']]) };
    const joined = await join(
      () => 1,
      async () => data.deep,
      () => undefined,
    );
    expect(joined).toEqual([1, new Map([[1, 'one']]), undefined]);
    expect(await join()).toEqual([]);
  });

  it('runs each in a child of its own', async () => {
    const pid = () => process.pid;
    const pids = await join(pid, pid, pid);
    expect(new Set([...pids, process.pid]).size).toBe(4);
  });

  it('rejects with the first failure by their order, whichever is seen first', async () => {
    expect(await rejectionOf(join(() => 1, fail('second', 200), fail('third')))).toMatchObject({
      message: 'second',
    });
    expect(await rejectionOf(join(fail('first', 200), fail('second')))).toMatchObject({ message: 'first' });
  });

  it('does not wait for what comes after a failure', async () => {
    expect(await rejectionOf(join(() => 1, fail('second'), forever))).toMatchObject({ message: 'second' });
  });

  it('names the function whose child died', async () => {
    expect(
      await rejectionOf(
        join(
          () => 1,
          () => process.exit(4),
        ),
      ),
    ).toMatchObject({ index: 1, exitCode: 4 });
  });
});
