/** Functions by name in new processes: all of it in programs of their own, because a process is begun again. */
import { fileURLToPath } from 'node:url';
import { init, registerFunction, spawnFunction } from '@forkmap/core';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../helpers/processes.js';

type Call = [name: string, args?: unknown[], options?: object];

async function told(calls: Call[]) {
  const { stdout, stderr, code } = await runProgram('runs-functions.mjs', { args: [JSON.stringify(calls)] });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return JSON.parse(stdout);
}

const endsOf = async (calls: Call[]) => (await told(calls)).ends;

describe('spawnFunction()', () => {
  it('gives what the function returned, or was fulfilled with', async () => {
    const long = 'x'.repeat(100_000);
    const ends = await endsOf([
      ['add', [1, 2]],
      ['later', ['key']],
      ['gives'],
      ['gives', [[long, [], null]]],
    ]);
    expect(ends.map(({ shown }: { shown: string }) => shown).slice(0, 3)).toEqual([
      '3',
      "Map(1) { 'key' => 1n }",
      'undefined',
    ]);
    expect(ends[3].value).toEqual([long, [], null]);
  });

  it('rejects with what the function threw', async () => {
    expect(await endsOf([['throws'], ['throwsLater'], ['throwsAside']])).toMatchObject([
      { name: 'RangeError', message: 'no such value', cause: 'as told' },
      { name: 'TypeError', message: 'later' },
      { name: 'RangeError', message: 'no such value' },
    ]);
  });

  it('says how the process ended where there is no result', async () => {
    const unknown = 'CallableStatusUnknown';
    const ends: Call[] = [['exits', [3]], ['exits', [0]], ['isKilled'], ['settlesNever'], ['givesSymbol']];
    expect(await endsOf(ends)).toMatchObject([
      { code: 'ERR_FORKMAP_EXITED', effect: unknown, exitCode: 3, hasPid: true },
      { code: 'ERR_FORKMAP_EXITED', effect: unknown, exitCode: 0 },
      { code: 'ERR_FORKMAP_KILLED', effect: unknown, signal: 'SIGKILL' },
      { code: 'ERR_FORKMAP_UNSETTLED', effect: unknown },
      { code: 'ERR_FORKMAP_SERIALIZE', message: expect.stringContaining('.list[0]') },
    ]);
  });

  it('gives the process the attributes that it is told to', async () => {
    const here = { cwd: process.cwd(), given: null, variable: null, hasOwnPid: true };
    const ids = [process.getuid?.(), process.getgid?.()];
    const calls: Call[] = [
      ['looks'],
      ['looks', [], { argv0: 'other', args: ['a', 'b'], cwd: '/', env: { GIVEN: 'yes' } }],
      ['looks', [], { uid: ids[0], gid: ids[1] }],
    ];
    const ends = await endsOf(calls);
    expect(ends[0].value).toMatchObject({ ...here, ids, args: [JSON.stringify(calls)] });
    expect(ends[1].value).toMatchObject({ argv0: 'other', args: ['a', 'b'], cwd: '/', given: 'yes' });
    expect(ends[2].value).toMatchObject({ ...here, ids });
  });

  it('has streams where they are piped, and can be killed', async () => {
    const { stdout, stderr } = await runProgram('talks-to-a-function.mjs');
    expect(JSON.parse(stdout), stderr).toEqual({
      output: 'TO ITSELF',
      errors: 'begun\n',
      isItsPid: true,
      hasKilled: true,
      end: { code: 'ERR_FORKMAP_KILLED', signal: 'SIGTERM' },
      isGone: true,
      streams: [null, null],
    });
  });
});

describe('misuse of spawnFunction()', () => {
  it('is told by order and by name', async () => {
    const { tooEarly, tooLate, taken, ends } = await told([['ad', [1, 2]], ['nothing like it']]);
    const wrongOrder = { name: 'Error', code: 'ERR_INVALID_STATE' };
    expect(tooEarly).toMatchObject({ ...wrongOrder, message: expect.stringMatching(/before init\(\)/) });
    expect(tooLate).toMatchObject({ ...wrongOrder, message: expect.stringMatching(/after init\(\)/) });
    expect(taken).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
    expect(ends).toMatchObject([
      { code: 'ERR_INVALID_ARG_VALUE', message: expect.stringContaining("did you mean 'add'?") },
      { code: 'ERR_INVALID_ARG_VALUE', message: expect.stringContaining('registered are add, gives') },
    ]);
  });

  const spawnError = { name: 'CallableDidNotExecuteError', code: 'ERR_FORKMAP_SPAWN' };
  it.each([
    ['comes not to init', { exitCode: 5, message: expect.stringContaining('init()') }],
    ['does not know the name', { message: expect.stringContaining("'known to the first alone'") }],
    ['has no such folder', { cause: 'ENOENT' }],
  ])('is told where the process %s', async (how, expected) => {
    const { stdout, stderr } = await runProgram('spawns-itself.mjs', { args: [how] });
    expect(JSON.parse(stdout || 'null'), stderr).toMatchObject({ ...spawnError, ...expected });
  });

  it('is told by its arguments, with nothing started', () => {
    registerFunction('here', () => undefined);
    init();
    const args = [1, { deep: [() => 1] }];
    expect(() => spawnFunction('here', args)).toThrowError(
      expect.objectContaining({
        code: 'ERR_FORKMAP_SERIALIZE_INPUT',
        effect: 'CallableDidNotExecute',
        message: expect.stringContaining('[1].deep[0]'),
      }),
    );
    const wrong: [() => unknown, string][] = [
      [() => spawnFunction('here', 'text' as never), 'ERR_INVALID_ARG_TYPE'],
      [() => spawnFunction('here', [], { stdio: 'pip' as never }), 'ERR_INVALID_ARG_VALUE'],
      [() => spawnFunction('here', [], { stdio: ['pipe'] as never }), 'ERR_INVALID_ARG_VALUE'],
      [() => spawnFunction('here', [], { uid: -1 }), 'ERR_OUT_OF_RANGE'],
      [() => spawnFunction('here', [], { arg: [] } as never), 'ERR_INVALID_ARG_VALUE'],
      [() => spawnFunction(1 as never), 'ERR_INVALID_ARG_TYPE'],
    ];
    for (const [act, code] of wrong) expect(act).toThrowError(expect.objectContaining({ code }));
  });
});

it('needs no addon', async () => {
  const { stdout, stderr } = await runProgram('runs-functions.mjs', {
    args: [JSON.stringify([['add', [2, 3]]])],
    nodeArgs: ['--import', fileURLToPath(new URL('../fixtures/hides-the-addon.mjs', import.meta.url))],
  });
  expect(JSON.parse(stdout || 'null').ends, stderr).toMatchObject([{ value: 5 }]);
});
