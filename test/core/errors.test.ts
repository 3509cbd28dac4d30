/** What the function throws arrives as it was thrown, whichever way it was run. */
import { ForkError } from '@forkmap/core';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { ASYNC_RUNS, RUNS, rejectionOf, warmPool } from '../helpers/runs.js';

expectNoLeaks(warmPool);

const BUILT_INS = [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError] as const;

class HttpError extends Error {
  override name = 'HttpError';
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

describe.each(RUNS)('%s() rejects with what fn threw:', (_name, run) => {
  const rejection = (fn: () => unknown) => rejectionOf(run(fn));

  it.each(BUILT_INS.map((errorClass) => [errorClass.name, errorClass] as const))(
    '%s',
    async (name, Class) => {
      const error = await rejection(() => {
        throw new Class('no good');
      });
      expect(error).toBeInstanceOf(Class);
      expect(Object.getPrototypeOf(error)).toBe(Class.prototype);
      expect(error).toMatchObject({ name, message: 'no good' });
      expect(error).not.toBeInstanceOf(ForkError);
    },
  );

  it('the stack is the one of the child', async () => {
    function throwsDeepInTheChild(): never {
      throw new Error('deep');
    }
    const error = (await rejection(() => throwsDeepInTheChild())) as Error;
    expect(error.stack).toMatch(/^Error: deep\n\s+at throwsDeepInTheChild/);
  });

  it('causes, to any depth, errors or not', async () => {
    const error = await rejection(() => {
      const root = new RangeError('root', { cause: { code: 7 } });
      throw new Error('top', { cause: new TypeError('middle', { cause: root }) });
    });
    expect(error).toMatchObject({
      message: 'top',
      cause: { message: 'middle', cause: { message: 'root', cause: { code: 7 } } },
    });
    expect((error as Error).cause).toBeInstanceOf(TypeError);
    expect(((error as Error).cause as Error).cause).toBeInstanceOf(RangeError);
  });

  it('AggregateError, with its errors', async () => {
    const error = (await rejection(() => {
      throw new AggregateError([new TypeError('one'), 'two', new Error('three', { cause: 3 })], 'all failed');
    })) as AggregateError;
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.message).toBe('all failed');
    expect(error.errors).toHaveLength(3);
    expect(error.errors[0]).toBeInstanceOf(TypeError);
    expect(error.errors[1]).toBe('two');
    expect(error.errors[2]).toMatchObject({ message: 'three', cause: 3 });
  });

  it('own enumerable properties, those that can be sent', async () => {
    const error = await rejection(() => {
      throw Object.assign(new Error('EIO: read'), {
        errno: -5,
        code: 'EIO',
        at: [1, { x: 2 }],
        drop: () => 0,
      });
    });
    expect(error).toMatchObject({ message: 'EIO: read', errno: -5, code: 'EIO', at: [1, { x: 2 }] });
    expect(error).not.toHaveProperty('drop');
  });

  it("a system error of Node's", async () => {
    const { readFileSync } = await import('node:fs');
    const error = await rejection(() => readFileSync('/there/is/no/such/file'));
    expect(error).toMatchObject({ code: 'ENOENT', syscall: 'open', path: '/there/is/no/such/file' });
  });

  it('a class of the caller, as an Error with its name', async () => {
    const error = await rejection(() => {
      throw new HttpError('gone', 410);
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'HttpError', message: 'gone', status: 410 });
  });

  it('a class of the caller, revived by `types`', async () => {
    const types = {
      HttpError: [
        (value: unknown) => value instanceof HttpError && [value.message, value.status],
        ([message, status]: [string, number]) => new HttpError(message, status),
      ] satisfies [unknown, unknown],
    };
    const call = run(
      () => {
        throw new HttpError('gone', 410);
      },
      { types },
    );
    const error = await rejectionOf(call);
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({ message: 'gone', status: 410 });
  });

  it.each<[string, unknown]>([
    ['a string', 'no good'],
    ['a number', 0],
    ['a bigint', 3n],
    ['null', null],
    ['undefined', undefined],
    ['an object', { plain: 'object' }],
    ['an array', [1, 2]],
  ])('a value that is no error: %s', async (_what, value) => {
    const error = await rejection(() => {
      throw value;
    });
    expect(error).toEqual(value);
  });

  it('an error that is its own cause', async () => {
    const error = (await rejection(() => {
      const circular = new Error('round');
      circular.cause = circular;
      throw circular;
    })) as Error;
    expect(error.message).toBe('round');
    expect(error.cause).toBe(error);
  });

  it('a stack that overflowed', async () => {
    const forever = (n: number): number => 1 + forever(n + 1);
    const error = await rejection(() => forever(0));
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toHaveProperty('message', 'Maximum call stack size exceeded');
  });

  it('a value that cannot be sent at all becomes an error that says so', async () => {
    const error = await rejection(() => {
      throw Symbol('secret');
    });
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/secret|symbol/i);
  });
});

describe.each(ASYNC_RUNS)('%s() rejects with what came late:', (_name, run) => {
  it('a rejected promise', async () => {
    const error = await rejectionOf(run(() => Promise.reject(new TypeError('late'))));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toHaveProperty('message', 'late');
  });

  it('a throw in a callback that nobody catches', async () => {
    const call = run(
      () =>
        new Promise((resolve) => {
          setTimeout(resolve, 10_000);
          setImmediate(() => {
            throw new RangeError('stray');
          });
        }),
    );
    expect(await rejectionOf(call)).toMatchObject({ name: 'RangeError', message: 'stray' });
  });

  it('a rejection that nobody handles', async () => {
    const call = run(
      () =>
        new Promise((resolve) => {
          setTimeout(resolve, 10_000);
          void Promise.reject(new RangeError('unhandled'));
        }),
    );
    expect(await rejectionOf(call)).toMatchObject({ name: 'RangeError', message: 'unhandled' });
  });
});
