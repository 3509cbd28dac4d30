import { forkMap, forkMapSync, parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { expectNoLeaks } from '../helpers/leaks.js';
import { runProgram } from '../helpers/processes.js';
import { RUNS, rejectionOf, warmPool } from '../helpers/runs.js';

expectNoLeaks(warmPool);

const VERBS = ['forkMapSync', 'forkMap', 'parMap'] as const;
const run = (...args: string[]) => runProgram('is-signalled-in-a-call.mjs', { args });
const lines = (text: string) => text.trimEnd().split('\n');

describe.each(VERBS)('%s({ blockSignals })', (verb) => {
  it('a signal that would end the process does so when the call is over, and not before', async () => {
    const { code, signal, stdout } = await run(verb, 'SIGTERM', 'SIGTERM');
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGTERM' });
    expect(lines(stdout)).toEqual(['child lives']);
  });

  it('a listener runs once the call is over', async () => {
    const { code, stdout } = await run(verb, 'SIGINT', 'SIGINT,SIGTERM', 'handler');
    expect(code).toBe(0);
    const told = lines(stdout);
    expect(told[0]).toBe('child lives');
    expect(told.filter((line) => line === 'handled')).toHaveLength(1);
    expect(told.at(-1)).toBe('lives on');
  });

  it('other signals do what they do', async () => {
    const { signal, stdout } = await run(verb, 'SIGTERM', 'SIGINT');
    expect(signal).toBe('SIGTERM');
    expect(stdout).toBe('');
  });
});

it('without it, a listener runs while an asynchronous call goes on', async () => {
  const { stdout } = await run('forkMap', 'SIGINT', '', 'handler');
  expect(lines(stdout)).toEqual(['handled', 'child lives', 'call is over', 'lives on']);
});

describe('signals held by several calls', () => {
  it('are delivered, once, when the last of them is over', async () => {
    let handled = 0;
    const listener = () => void handled++;
    process.on('SIGUSR2', listener);
    releaseAtEnd(() => void process.off('SIGUSR2', listener));
    const origin = process.pid;
    const blockSignals = ['SIGUSR2'] as const;
    const strike = () => {
      process.kill(origin, 'SIGUSR2');
    };
    let isLongOver = false;
    const long = forkMap(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 400));
      },
      { blockSignals },
    ).then(() => {
      isLongOver = true;
    });
    forkMapSync(strike, { blockSignals });
    await parMap([1, 2], strike, { blockSignals });
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (!isLongOver) expect(handled).toBe(0);
    await long;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(handled).toBe(1);
  });
});

describe.each(RUNS)('%s({ blockSignals }) with what is wrong', (_name, run) => {
  it.each([
    ['SIGINT', 'ERR_INVALID_ARG_TYPE', /must be an array/],
    [[2], 'ERR_INVALID_ARG_TYPE', /must be an array/],
    [['SIGKILL'], 'ERR_OUT_OF_RANGE', /can be held back/],
    [['SIGSEGV'], 'ERR_OUT_OF_RANGE', /can be held back/],
    [['SIGITN'], 'ERR_INVALID_ARG_VALUE', /did you mean 'SIGINT'\?/],
  ])('%j is an error', async (blockSignals, code, message) => {
    const error = await rejectionOf((async () => run(() => 1, { blockSignals: blockSignals as never }))());
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('an empty list is nothing', async () => {
    expect(await run(() => 1, { blockSignals: [] })).toBe(1);
  });

  it('a child takes the signals as ever', async () => {
    const error = await rejectionOf(
      (async () => run(() => process.kill(process.pid, 'SIGTERM'), { blockSignals: ['SIGTERM'] }))(),
    );
    expect(error).toMatchObject({ code: 'ERR_FORKMAP_KILLED', signal: 'SIGTERM' });
  });

  it('a call that fails lets go of them', async () => {
    let handled = 0;
    const listener = () => void handled++;
    process.on('SIGUSR2', listener);
    releaseAtEnd(() => void process.off('SIGUSR2', listener));
    const fail = () => {
      throw new Error('mine');
    };
    await rejectionOf((async () => run(fail, { blockSignals: ['SIGUSR2'] }))());
    process.kill(process.pid, 'SIGUSR2');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(handled).toBe(1);
  });
});
