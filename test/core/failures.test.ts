/** What goes wrong around the function is a ForkError: code, effect and what is known of the child. */
import { closeSync, writeSync } from 'node:fs';
import {
  CallableDidNotExecuteError,
  CallableExecutedError,
  CallableStatusUnknownError,
  ForkError,
  type ForkErrorCode,
  forkMap,
  forkMapSync,
} from '@forkmap/core';
import { loadNative } from '@forkmap/native';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { runProgram, survivors } from '../helpers/processes.js';
import { beginFrame, pipes, resultPipe } from '../helpers/result-pipe.js';
import { ASYNC_RUNS, RUNS, rejectionOf, thrownBy, warmPool } from '../helpers/runs.js';
import { sleepForEver } from '../helpers/time.js';

expectNoLeaks(warmPool);

const CLASSES = {
  CallableDidNotExecute: CallableDidNotExecuteError,
  CallableExecuted: CallableExecutedError,
  CallableStatusUnknown: CallableStatusUnknownError,
};

/** Holds an error to its code, effect, class, `retryable` and pid, and gives it back. */
function expectForkError(error: unknown, code: ForkErrorCode, effect: keyof typeof CLASSES): ForkError {
  expect(error).toBeInstanceOf(ForkError);
  expect(error).toMatchObject({ code, effect, retryable: effect === 'CallableDidNotExecute' });
  expect(error).toBeInstanceOf(CLASSES[effect]);
  expect((error as ForkError).name).toBe(`${effect}Error`);
  return error as ForkError;
}

/** Signals that end a process, by default or as Node has it. */
const DEADLY = [
  'SIGSEGV',
  'SIGABRT',
  'SIGKILL',
  'SIGBUS',
  'SIGILL',
  'SIGFPE',
  'SIGTRAP',
  'SIGTERM',
  'SIGUSR2',
] as const;

describe.each(RUNS)('%s() rejects with', (name, run) => {
  it.each(DEADLY)('ERR_FORKMAP_KILLED where %s ended the child', async (signal) => {
    const error = expectForkError(
      await rejectionOf(
        run(() => {
          process.kill(process.pid, signal);
          sleepForEver();
        }),
      ),
      'ERR_FORKMAP_KILLED',
      'CallableStatusUnknown',
    );
    expect(error.signal).toBe(signal);
    expect(error.exitCode).toBeUndefined();
    expect(error.pid).not.toBe(process.pid);
    expect(error.message).toContain(signal);
  });

  it('ERR_FORKMAP_KILLED where process.abort() was called', async () => {
    const error = await rejectionOf(run(() => process.abort(), { stdio: 'ignore' }));
    expect(expectForkError(error, 'ERR_FORKMAP_KILLED', 'CallableStatusUnknown').signal).toBe('SIGABRT');
  });

  it.each([0, 1, 42, 255])('ERR_FORKMAP_EXITED where process.exit(%i) was called', async (code) => {
    const error = await rejectionOf(run(() => process.exit(code)));
    expectForkError(error, 'ERR_FORKMAP_EXITED', 'CallableStatusUnknown');
    expect(error).toHaveProperty('exitCode', code);
    expect((error as Error).message).toContain(`process.exit(${code})`);
  });

  it('ERR_FORKMAP_EXITED with process.exitCode where process.exit() was called without', async () => {
    const error = await rejectionOf(
      run(() => {
        process.exitCode = 7;
        process.exit();
      }),
    );
    expect(error).toMatchObject({ code: 'ERR_FORKMAP_EXITED', exitCode: 7 });
  });

  it('ERR_FORKMAP_SERIALIZE with the path where the result cannot be sent', async () => {
    const error = await rejectionOf(run(() => ({ list: [1, { owner: { socket: () => 0 } }] })));
    expectForkError(error, 'ERR_FORKMAP_SERIALIZE', 'CallableExecuted');
    expect((error as Error).message).toContain('.list[1].owner.socket');
  });

  it.each<[string, () => unknown]>([
    ['a function', () => () => 0],
    ['a symbol', () => Symbol('s')],
    ['a promise within', () => [Promise.resolve(1)]],
    ['a WeakMap', () => new WeakMap()],
    ['an instance of a class', () => new (class Point {})()],
  ])('ERR_FORKMAP_SERIALIZE for %s', async (_what, fn) => {
    expectForkError(await rejectionOf(run(fn)), 'ERR_FORKMAP_SERIALIZE', 'CallableExecuted');
  });

  it('ERR_FORKMAP_RESULT_TOO_LARGE where there is more than maxResultBytes', async () => {
    const error = await rejectionOf(run(() => 'x'.repeat(10_000), { maxResultBytes: 5_000 }));
    expectForkError(error, 'ERR_FORKMAP_RESULT_TOO_LARGE', 'CallableExecuted');
    expect((error as Error).message).toContain('5000');
    expect(await run(() => 'x'.repeat(1_000), { maxResultBytes: 5_000 })).toHaveLength(1_000);
  });

  it('ERR_FORKMAP_TIMEOUT where the child is not done in time, and ends it', async () => {
    const error = await rejectionOf(run(() => sleepForEver(), { timeout: 50 }));
    expectForkError(error, 'ERR_FORKMAP_TIMEOUT', 'CallableStatusUnknown');
    expect((error as Error).message).toContain('50 ms');
  });

  it('ERR_FORKMAP_MEMORY_LIMIT where it took more than memoryLimit', async () => {
    const error = await rejectionOf(
      run(
        () => {
          Buffer.alloc(200 << 20, 1);
          sleepForEver();
        },
        { memoryLimit: 50 << 20 },
      ),
    );
    expectForkError(error, 'ERR_FORKMAP_MEMORY_LIMIT', 'CallableStatusUnknown');
  });

  it('ERR_FORKMAP_TRUNCATED where the child ended in the middle of a frame', async () => {
    const ofOrigin = pipes();
    const error = await rejectionOf(
      run(() => {
        beginFrame(resultPipe(ofOrigin), 1_000);
        loadNative().child.leave(0, 3);
      }),
    );
    expectForkError(error, 'ERR_FORKMAP_TRUNCATED', 'CallableStatusUnknown');
    expect(error).toHaveProperty('exitCode', 3);
  });

  it('ERR_FORKMAP_TRUNCATED where the child closed its result pipe, and ends it', async () => {
    const ofOrigin = pipes();
    const error = await rejectionOf(
      run(() => {
        closeSync(resultPipe(ofOrigin));
        sleepForEver();
      }),
    );
    expectForkError(error, 'ERR_FORKMAP_TRUNCATED', 'CallableStatusUnknown');
    expect(await survivors([(error as ForkError).pid as number], 0)).toEqual([]);
  });

  it('ERR_FORKMAP_READ where the child wrote what is no frame', async () => {
    const ofOrigin = pipes();
    const error = await rejectionOf(
      run(() => {
        writeSync(resultPipe(ofOrigin), 'x'.repeat(100));
        sleepForEver();
      }),
    );
    expectForkError(error, 'ERR_FORKMAP_READ', 'CallableStatusUnknown');
  });

  it('ERR_FORKMAP_DESERIALIZE where a whole frame cannot be decoded', async () => {
    const error = await rejectionOf(
      run(() => {
        const { child, protocol } = loadNative();
        child.writeFrame(protocol.frame.results, 0, 1, new Uint8Array([1, 2, 3, 255]));
        child.writeFrame(protocol.frame.end, 0, 0);
        child.leave(protocol.reason.finished, 0);
      }),
    );
    expectForkError(error, 'ERR_FORKMAP_DESERIALIZE', 'CallableExecuted');
    expect((error as Error).cause).toBeInstanceOf(Error);
  });

  it('an error whose message begins with the name of the call', async () => {
    const error = await rejectionOf(run(() => process.exit(1), { name: 'nightly import' }));
    expect((error as Error).message).toMatch(/^nightly import: /);
  });

  it('an error that has what the child wrote, where it was captured', async () => {
    const error = await rejectionOf(
      run(
        () => {
          process.stdout.write('out ä\n');
          process.stderr.write('err\n');
          process.exit(1);
        },
        { stdio: 'capture' },
      ),
    );
    expect(error).toMatchObject({ stdout: 'out ä\n', stderr: 'err\n' });
  });

  it(`${name} works on after every failure`, async () => {
    expect(await run(() => 42)).toBe(42);
  });
});

describe.each(ASYNC_RUNS)('%s() rejects with', (_name, run) => {
  it('ERR_FORKMAP_UNSETTLED where the promise can never settle', async () => {
    const error = await rejectionOf(run(() => new Promise(() => undefined)));
    expectForkError(error, 'ERR_FORKMAP_UNSETTLED', 'CallableStatusUnknown');
  });

  it('ERR_FORKMAP_UNSETTLED even while the origin has timers', async () => {
    const timer = setInterval(() => undefined, 1_000);
    const error = await rejectionOf(run(() => new Promise(() => undefined)));
    clearInterval(timer);
    expectForkError(error, 'ERR_FORKMAP_UNSETTLED', 'CallableStatusUnknown');
  });

  it('ERR_FORKMAP_TIMEOUT for an asynchronous function', async () => {
    const error = await rejectionOf(
      run(() => new Promise((resolve) => setTimeout(resolve, 60_000)), { timeout: 50 }),
    );
    expectForkError(error, 'ERR_FORKMAP_TIMEOUT', 'CallableStatusUnknown');
  });
});

describe('forkMapSync()', () => {
  it('throws ERR_FORKMAP_ASYNC_IN_SYNC for a promise, and names forkMap', () => {
    const error = thrownBy(() => forkMapSync(async () => 1));
    expectForkError(error, 'ERR_FORKMAP_ASYNC_IN_SYNC', 'CallableExecuted');
    expect((error as Error).message).toContain('forkMap');
  });
});

it('ERR_FORKMAP_DEADLOCK ends a child that nothing can wake', async () => {
  const error = await rejectionOf(
    forkMap(() => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)),
  );
  expectForkError(error, 'ERR_FORKMAP_DEADLOCK', 'CallableStatusUnknown');
});

it('ERR_FORKMAP_HEAP says that V8 ran out of heap, however the function was run', async () => {
  const { stdout, stderr } = await runProgram('runs-out-of-heap.mjs', {
    nodeArgs: ['--max-old-space-size=40'],
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(
    ['forkMap', 'forkMapSync', 'parMap'].map((call) => ({
      call,
      code: 'ERR_FORKMAP_HEAP',
      effect: 'CallableStatusUnknown',
      name: 'CallableStatusUnknownError',
    })),
  );
});
