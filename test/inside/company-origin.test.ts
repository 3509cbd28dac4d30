/** Children of an origin that goes on with a life of its own meanwhile: messages, contexts, a debugger. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { expected, reportOf } from './company.js';
import { debuggerOf } from './debugger.js';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'company');

describe.each(['json', 'advanced'] as const)('an IPC channel (%s)', (serialization) => {
  const BURST = 100;
  /** So much that a burst does not fit into the socket's buffers: messages are under way at every fork. */
  const PADDING = 'x'.repeat(4_000);

  it('carries every message once and in order during calls, and children have no part in it', async () => {
    const program = fork(join(fixtures, 'answers-while-it-maps.mjs'), {
      serialization,
      execArgv: [],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    releaseAtEnd(() => void program.kill('SIGKILL'));
    const answers: unknown[] = [];
    let sent = 0;
    let report: Record<string, unknown> | undefined;
    const sendBurst = () => {
      for (let i = 0; i < BURST; i++) program.send({ number: sent++, PADDING });
    };
    program.on('message', (message: Record<string, unknown> | 'ready') => {
      if (message !== 'ready' && 'came' in message) report = message;
      else if (message !== 'ready') answers.push(message.number);
      const isAnswered = answers.length >= sent;
      if (isAnswered && report) program.send('end');
      else if (isAnswered) sendBurst();
    });
    expect(await once(program, 'exit')).toEqual([0, null]);
    const { told, ...rest } = report ?? {};
    expect(rest).toEqual({ came: expected, isAskedToEnd: false });
    expect(told).toEqual(Array(40).fill(['undefined', false, 'undefined']));
    expect(sent).toBeGreaterThan(BURST);
    expect(answers).toEqual(Array.from({ length: sent }, (_, i) => i));
  });
});

it('contexts that are traced by async_hooks and AsyncLocalStorage reach children, and are kept around calls', async () => {
  const { requests, unbalanced } = await reportOf('follows-contexts.mjs');
  expect(unbalanced).toBe(0);
  expect(requests).toEqual(
    ['first', 'second', 'third'].map((name) => ({
      name,
      children: Array(7).fill({
        store: [name, name, name],
        own: ['own', 'own', 'own'],
        isChild: true,
      }),
      sync: name,
      after: [name, name, name],
      came: expected,
    })),
  );
});

describe('--inspect', () => {
  const expression = '({ pid: process.pid, calls: globalThis.calls })';

  it('a debugger goes on talking with the origin, and with nobody else', async () => {
    const session = await debuggerOf(join(fixtures, 'maps-until-told.mjs'));
    await session.ask('Debugger.enable');
    await session.ask('Runtime.enable');
    const pids = new Set<number>();
    let calls = 0;
    while (calls < 5) {
      const { result } = await session.ask('Runtime.evaluate', { expression, returnByValue: true });
      pids.add(result.value.pid);
      calls = result.value.calls ?? 0;
    }
    expect(pids).toEqual(new Set([session.pid]));
    await session.ask('Runtime.evaluate', { expression: 'globalThis.isOver = true' });
    expect(await session.report()).toEqual({ came: expected });
  });

  it('a child that comes to a `debugger` statement cannot be waited for, and says so', async () => {
    const session = await debuggerOf(join(fixtures, 'stops-in-a-child.mjs'));
    await session.ask('Debugger.enable');
    await session.ask('Runtime.evaluate', { expression: 'globalThis.isAttached = true' });
    expect(await session.report()).toEqual({ came: expected, code: 'ERR_FORKMAP_DEADLOCK' });
  });
});
