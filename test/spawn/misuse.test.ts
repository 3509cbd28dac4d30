/** What cannot be spawned is told before anything is. */
import { join, type ParMapOptions, par, parMap, parReduce, parSort, parStream, task } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNothingForked } from '../helpers/forks.js';
import { runProgram } from '../helpers/processes.js';
import { rejectionOf, thrownBy } from '../helpers/runs.js';
import { SPAWNED, taskOf } from '../helpers/tasks.js';

const closure = (x: unknown) => x;
const square = taskOf('square');
const types = { Date: [() => false, closure] as [never, never] };

describe('a closure', () => {
  const CALLS: Record<string, (o: ParMapOptions) => Promise<unknown>> = {
    parMap: (o) => parMap([1], closure, o),
    'parMap, by FORKMAP_ENGINE': async ({ engine: _, ...o }) => {
      process.env.FORKMAP_ENGINE = 'spawn';
      const call = parMap([1], closure, o);
      delete process.env.FORKMAP_ENGINE;
      return call;
    },
    setup: (o) => parMap([1], square, { ...o, setup: () => undefined }),
    types: (o) => parMap([1], square, { ...o, types }),
    'a chain with one in it': (o) => par([1], o).map(square).filter(closure).map(square).collect(),
    'the end of a chain': (o) => par([1], o).map(square).some(closure),
    'a chain that is zipped': (o) =>
      par([1], o)
        .zip(par([1]).map(closure))
        .collect(),
    parReduce: (o) => parReduce([1], (a: number, b: number) => a + b, 0, o),
    parSort: (o) => parSort([2, 1], (a: number, b: number) => a - b, o),
    parStream: (o) => parStream([1], closure, o).next(),
    'for await': (o) => par([1], o).map(closure)[Symbol.asyncIterator]().next(),
  };

  it.each(Object.entries(CALLS))('is told what to do: %s', async (_, call) => {
    const error = await expectNothingForked(() => rejectionOf(call(SPAWNED)));
    expect(error).toMatchObject({
      code: 'ERR_FORKMAP_UNSUPPORTED',
      effect: 'CallableDidNotExecute',
      message: expect.stringMatching(/is a closure.*task\(import\.meta\.url/),
    });
  });

  it('is told by its name', async () => {
    expect(await rejectionOf(parMap([1], closure, SPAWNED))).toMatchObject({
      message: expect.stringContaining("the function 'closure'"),
    });
  });
});

describe('a task', () => {
  it('is a URL and a name', () => {
    expect(thrownBy(() => task('./here.js', 'square'))).toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining('pathToFileURL'),
    });
    expect(thrownBy(() => task(1 as never, 'square'))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(thrownBy(() => task(import.meta.url, 1 as never))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });

  it.each([
    [
      'a module that is not there',
      () => task(new URL('./nowhere.mjs', import.meta.url), 'fn'),
      /cannot be loaded/,
    ],
    ['an export that is not there', () => taskOf('squared'), /'squared' of .* is not there/],
    ['an export that is no function', () => taskOf('noFunction'), /is no function/],
  ] as const)('of %s is told, in every engine and when it is called', async (_, make, message) => {
    const expected = { code: 'ERR_FORKMAP_SPAWN', message: expect.stringMatching(message) };
    expect(thrownBy(() => make()(1))).toMatchObject(expected);
    for (const engine of ['spawn', 'fork', 'inline'] as const) {
      const call = () => rejectionOf(parMap([1], make(), { engine }));
      expect(await expectNothingForked(call)).toMatchObject(expected);
    }
  });

  it('whose items cannot be sent fails these, and they are named', async () => {
    const list = [1, { deep: [() => 1] }, 3];
    const expected = { code: 'ERR_FORKMAP_SERIALIZE_INPUT', effect: 'CallableDidNotExecute', index: 1 };
    const error = await expectNothingForked(() =>
      rejectionOf(parMap(list, taskOf('give'), { ...SPAWNED, chunk: 3 })),
    );
    expect(error).toMatchObject({
      ...expected,
      message: expect.stringContaining('[1].deep[0] cannot be sent'),
    });
    const settled = await parMap(list, taskOf('give'), { ...SPAWNED, settle: true });
    expect(settled).toMatchObject([{ value: 1 }, { reason: expected }, { value: 3 }]);
    const chain = par(list, SPAWNED).map(taskOf('give')).count();
    expect(await rejectionOf(chain)).toMatchObject(expected);
  });

  it('may not be the program that calls it, unguarded', async () => {
    const { stdout, stderr } = await runProgram('tasks/is-its-own-task.mjs');
    expect(stdout, stderr).toMatch(/^ERR_FORKMAP_SPAWN .*isForkChild\(\)/);
  });

  it('may be in a module that waits for it at its top level, where the function is given too', async () => {
    const { stdout, stderr } = await runProgram('tasks/waits-for-its-own-task.mjs');
    expect(stdout, stderr).toBe('spawned 2\nspawned with it 2\nforked with it 2\nforked ERR_FORKMAP_SPAWN\n');
  });

  it('may be the program that calls it, guarded', async () => {
    const { stdout, stderr } = await runProgram('tasks/is-its-own-task.mjs', { args: ['guarded'] });
    expect(stdout, stderr).toBe('2,4\n');
  });
});

describe('where nothing can be forked', () => {
  it('tasks are spawned, and closures are told why', async () => {
    const { stdout, stderr } = await runProgram('tasks/runs-without-an-addon.mjs');
    const { spawned, joined, closure: told, unsupported, code } = JSON.parse(stdout || '{}');
    expect({ spawned, joined, stderr }).toEqual({ spawned: [1, 4, 9], joined: [0], stderr: '' });
    expect(code).toBe('ERR_FORKMAP_UNSUPPORTED');
    expect(told).toMatch(/does not load: hidden.*is a closure/);
    expect(unsupported).toBe('ERR_FORKMAP_UNSUPPORTED');
  });
});

it('join() of tasks and of a closure is told, too', async () => {
  process.env.FORKMAP_ENGINE = 'spawn';
  try {
    expect(await rejectionOf(join(taskOf('zero'), () => 1))).toMatchObject({
      code: 'ERR_FORKMAP_UNSUPPORTED',
    });
    expect(await join(taskOf('zero'), taskOf('isChild'))).toEqual([0, true]);
  } finally {
    delete process.env.FORKMAP_ENGINE;
  }
});
