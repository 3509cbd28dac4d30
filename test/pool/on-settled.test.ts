import { type ParMapOptions, parFilter, parForEach, parMap, parStream } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';
import { taskOf } from '../helpers/tasks.js';

expectNoLeaks(() => warmPool(4));

type Told = [index: number, result: PromiseSettledResult<unknown>];
const numbers = Array.from({ length: 30 }, (_, at) => at);

/** Runs a verb on them, and gives what `onSettled` was told. */
const VERBS: Record<string, (fn: never, options: ParMapOptions) => Promise<unknown>> = {
  parMap: (fn, options) => parMap(numbers, fn, options),
  parForEach: (fn, options) => parForEach(numbers, fn, options),
  parStream: async (fn, options) => {
    for await (const _ of parStream(numbers, fn, options));
  },
};

async function told(verb: string, fn: unknown, options: ParMapOptions): Promise<Told[]> {
  const all: Told[] = [];
  await VERBS[verb]?.(fn as never, { ...options, onSettled: (...each) => void all.push(each) });
  return all.sort(([a], [b]) => a - b);
}

describe.each(Object.keys(VERBS))('onSettled of %s', (verb) => {
  const expected = numbers.map((at) => (verb === 'parForEach' ? undefined : at * at));

  it.each(['fork', 'spawn', 'inline'] as const)('is told of each item once (%s)', async (engine) => {
    const square = taskOf('square');
    const all = await told(verb, square, { engine, lanes: 2, chunk: 7 });
    expect(all).toEqual(expected.map((value, at) => [at, { status: 'fulfilled', value }]));
  });

  it('rejects the call by what it throws, and is not called again', async () => {
    let calls = 0;
    const options: ParMapOptions = {
      chunk: 5,
      lanes: 2,
      onSettled() {
        calls += 1;
        throw new Error('no more');
      },
    };
    await expect(VERBS[verb]?.(((x: number) => x) as never, options)).rejects.toThrow('no more');
    expect(calls).toBe(1);
  });
});

it('what onSettled was told of survives an abort', async () => {
  const controller = new AbortController();
  const known: number[] = [];
  const call = parMap(numbers, (x) => x, {
    chunk: 1,
    lanes: 1,
    signal: controller.signal,
    onSettled(index) {
      known.push(index);
      if (known.length === 3) controller.abort(new Error('enough'));
    },
  });
  await expect(call).rejects.toThrow('enough');
  expect(known).toEqual([0, 1, 2]);
});

it('failures are told too, of settle and of what fails the call', async () => {
  const fails = (x: number) => {
    if (x === 4) throw new RangeError(`not ${x}`);
    return x;
  };
  const all = await told('parMap', fails, { settle: true, chunk: 10 });
  expect(all.filter(([, { status }]) => status === 'rejected').map(([index]) => index)).toEqual([4]);
  const last: Told[] = [];
  const call = parMap(numbers, fails, { chunk: 10, lanes: 1, onSettled: (...each) => void last.push(each) });
  await expect(call).rejects.toThrow('not 4');
  expect(last.map(([index]) => index)).toEqual([0, 1, 2, 3, 4]);
});

it('onSettled is refused where items have no outcome of their own', async () => {
  const call = parFilter(numbers, (x) => x > 3, { onSettled: () => undefined });
  await expect(call).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
});
