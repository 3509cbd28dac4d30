import { parMap, parStream, sharedArray } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';
import { taskOf } from '../helpers/tasks.js';

expectNoLeaks(() => warmPool(4));

const LENGTH = 100;
const numbers = Array.from({ length: LENGTH }, (_, at) => at);

interface Failure {
  code?: string;
  effect?: string;
  index?: number;
}
const failures = (results: PromiseSettledResult<unknown>[]) =>
  results.map((result) => (result.status === 'rejected' ? (result.reason as Failure) : undefined));

describe('halt', () => {
  it('ends the call at so many failures; the rest was not begun', async () => {
    const begun = sharedArray(Int32Array, LENGTH);
    const results = await parMap(
      numbers,
      (x) => {
        begun[x] = 1;
        if (x % 10 === 9) throw new Error(`not ${x}`);
        return x;
      },
      { settle: true, halt: 3, chunk: 5, lanes: 2 },
    );
    const rest = failures(results).flatMap((failure, at) =>
      failure?.code === 'ERR_FORKMAP_HALTED' ? [at] : [],
    );
    expect(rest.length).toBeGreaterThan(LENGTH / 2);
    for (const at of rest) {
      expect(begun[at]).toBe(0);
      expect(failures(results)[at]).toMatchObject({ effect: 'CallableDidNotExecute', index: at });
    }
    // What had begun is settled, one way or another.
    expect(results[0]).toEqual({ status: 'fulfilled', value: 0 });
  });

  it('ends a chunk whose own failures are so many', async () => {
    const begun = sharedArray(Int32Array, LENGTH);
    await parMap(
      numbers,
      (x) => {
        begun[x] = 1;
        throw new Error('no');
      },
      { settle: true, halt: 4, chunk: LENGTH, lanes: 1 },
    );
    expect([...begun].filter((flag) => flag === 1)).toHaveLength(4);
  });

  it.each(['spawn', 'inline'] as const)('is heeded where items run otherwise (%s)', async (engine) => {
    const results = await parMap(numbers, taskOf('throwsAtSeven'), {
      ...{ settle: true, halt: 1, chunk: 4, lanes: 1, concurrency: 1, engine },
    });
    expect(failures(results)[7]).toMatchObject({ message: expect.any(String) });
    expect(failures(results)[LENGTH - 1]?.code).toBe('ERR_FORKMAP_HALTED');
  });

  it('may be a share of the items', async () => {
    const fails = (x: number) => {
      if (x % 2 === 0) throw new Error('even');
      return x;
    };
    const run = (halt: `${number}%`) => parMap(numbers, fails, { settle: true, halt, chunk: 1, lanes: 1 });
    const halted = failures(await run('5%')).filter((failure) => failure?.code === 'ERR_FORKMAP_HALTED');
    expect(halted).toHaveLength(LENGTH - 9); // 5 of 100 have failed with item 8
    expect(failures(await run('60%')).some((failure) => failure?.code === 'ERR_FORKMAP_HALTED')).toBe(false);
  });

  it('ends a stream that has no end', async () => {
    function* forEver() {
      for (let at = 0; ; at++) yield at;
    }
    const results: PromiseSettledResult<unknown>[] = [];
    const fails = (x: number) => {
      if (x % 5 === 4) throw new Error('no');
      return x;
    };
    for await (const result of parStream(forEver(), fails, {
      settle: true,
      halt: '10%',
      chunk: 20,
      lanes: 2,
    })) {
      results.push(result);
    }
    expect(
      failures(results).filter((failure) => failure?.code === undefined && failure).length,
    ).toBeGreaterThanOrEqual(10);
  });

  it('without settle is an error', async () => {
    await expect(parMap(numbers, (x) => x, { halt: 3 })).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
    });
  });
});
