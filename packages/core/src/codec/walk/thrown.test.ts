import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ForkError, forkError } from '../../errors/classes.js';
import { decodeThrown, encodeThrown } from '../index.js';
import { difference } from '../same.test.helper.js';
import { SENDABLE } from '../sendable.test.helper.js';
import type { CodecOptions } from '../types.js';
import { Socket, UNSENDABLE } from '../unsendable.test.helper.js';

const AUTO: CodecOptions = { codec: 'auto' };

function sendThrown(value: unknown, options = AUTO): unknown {
  return decodeThrown(encodeThrown(value, options), options);
}

function sendError(value: unknown, options = AUTO): Error & Record<string, unknown> {
  const arrived = sendThrown(value, options);
  expect(arrived).toBeInstanceOf(Error);
  return arrived as Error & Record<string, unknown>;
}

class HttpError extends Error {
  constructor(
    readonly status: number,
    message?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

describe('a thrown value', () => {
  test.each(Object.entries(SENDABLE))('arrives as it is: %s', (_, make) => {
    const value = make();
    expect(difference(value, sendThrown(value))).toBeUndefined();
  });

  test.each(Object.entries(UNSENDABLE))('arrives as an Error where it cannot be sent: %s', (what, [make]) => {
    const value = make();
    const arrived = sendThrown(value);
    if (what === 'a subclass of Error') expect(arrived).toEqual([expect.any(Error)]);
    else expect(arrived).toBeInstanceOf(Error);
    if (!what.includes('rror'))
      expect(arrived).toMatchObject({
        message: expect.stringMatching(/^a value was thrown that cannot be sent: /),
      });
  });

  test('that cannot be sent is named with its path', () => {
    expect(sendError({ a: [new Socket()] }).message).toBe(
      'a value was thrown that cannot be sent: .a[0]: it is an instance of Socket, which no entry of `types` covers',
    );
    expect(sendError(() => {}).message).toBe('a value was thrown that cannot be sent: it is a function');
  });
});

describe('a thrown error', () => {
  test("of the caller's class arrives as an Error by its name, with what it carries", () => {
    const cause = Object.assign(new TypeError('low'), { errno: -2 });
    const error = new HttpError(404, 'not here', { cause });
    const arrived = sendError(error);
    expect(Object.getPrototypeOf(arrived)).toBe(Error.prototype);
    expect(arrived).toMatchObject({ name: 'HttpError', message: 'not here', status: 404 });
    expect(arrived.stack).toBe(error.stack);
    expect(difference(cause, arrived.cause)).toBeUndefined();
    expect(Object.keys(arrived)).toEqual(['status']);
  });

  test('keeps a name that it was given', () => {
    class Renamed extends Error {
      override name = 'Given';
    }
    expect(sendError(new Renamed('x'))).toMatchObject({ name: 'Given' });
    class OnPrototype extends Error {}
    OnPrototype.prototype.name = 'FromPrototype';
    expect(sendError(new OnPrototype('x'))).toMatchObject({ name: 'FromPrototype' });
    expect(sendError(new (class extends RangeError {})('x')).name).toBe('Error');
  });

  test('loses the properties that cannot be sent, and no others', () => {
    const shared = { socket: new Socket() };
    const error = Object.assign(new Error('e', { cause: shared }), {
      code: 'E_CODE',
      request: shared,
      again: [shared],
      callback: () => {},
      [Symbol('s')]: 1,
      fine: { a: 1 },
    });
    Object.defineProperty(error, 'broken', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    Object.defineProperty(error, 'computed', { enumerable: true, get: () => 7 });
    const arrived = sendError(error);
    expect(Object.keys(arrived)).toEqual(['code', 'fine', 'computed']);
    expect(arrived).toMatchObject({ code: 'E_CODE', fine: { a: 1 }, computed: 7 });
    expect('cause' in arrived).toBe(false);
  });

  test('loses them at any depth of causes, in cycles too', () => {
    const inner = Object.assign(new HttpError(1, 'inner'), { socket: new Socket() }) as HttpError & {
      outer?: Error;
    };
    const outer = new Error('outer', { cause: { list: [inner] } });
    inner.outer = outer;
    const arrived = sendError(outer) as Error & { cause: { list: [Error & { outer: Error }] } };
    const [arrivedInner] = arrived.cause.list;
    expect(arrivedInner).toMatchObject({ name: 'HttpError', message: 'inner', status: 1 });
    expect('socket' in arrivedInner).toBe(false);
    expect(arrivedInner.outer).toBe(arrived);
  });

  test('keeps what a dropped property also holds', () => {
    const detail = { d: new Error('detail') };
    const error = Object.assign(new Error('e'), { bad: { detail, socket: new Socket() }, good: { detail } });
    const arrived = sendError(error);
    expect(Object.keys(arrived)).toEqual(['good']);
    expect(difference({ detail }, arrived.good)).toBeUndefined();
  });

  test('keeps all members of an AggregateError', () => {
    const error = new AggregateError([new HttpError(5, 'a'), new Socket(), 7, Symbol('s')], 'all failed');
    const arrived = sendThrown(error) as AggregateError;
    expect(arrived).toBeInstanceOf(AggregateError);
    expect(arrived.errors.map(String)).toEqual([
      'HttpError: a',
      'Error: a member of `errors` cannot be sent: it is an instance of Socket, which no entry of `types` covers',
      '7',
      'Error: a member of `errors` cannot be sent: it is Symbol(s)',
    ]);
  });

  test('of a system call arrives with errno, code, syscall and path', () => {
    try {
      readFileSync('/no/such/file');
    } catch (error) {
      expect(sendError(error)).toMatchObject({
        code: 'ENOENT',
        syscall: 'open',
        path: '/no/such/file',
        errno: -2,
      });
    }
  });

  test('of an aborted signal arrives as an AbortError or TimeoutError', () => {
    const arrived = sendThrown(AbortSignal.abort().reason) as DOMException;
    expect(arrived).toBeInstanceOf(DOMException);
    expect([arrived.name, arrived.code, arrived.message]).toEqual([
      'AbortError',
      20,
      'This operation was aborted',
    ]);
    expect(sendThrown(new DOMException('late', 'TimeoutError'))).toMatchObject({
      name: 'TimeoutError',
      code: 23,
    });
  });

  test('that is a ForkError arrives as one', () => {
    const error = forkError('ERR_FORKMAP_FORK', 'no', { index: 3, lane: 1, cause: new HttpError(5) });
    const arrived = sendThrown(error) as ForkError;
    expect(arrived).toBeInstanceOf(ForkError);
    expect(arrived).toMatchObject({
      code: 'ERR_FORKMAP_FORK',
      retryable: true,
      index: 3,
      lane: 1,
      message: 'no',
    });
    expect(arrived.stack).toBe(error.stack);
    expect(arrived.cause).toMatchObject({ name: 'HttpError', status: 5 });
  });

  test('of a class that `types` covers arrives as an instance of it', () => {
    const options: CodecOptions = {
      codec: 'auto',
      types: {
        HttpError: [(v) => v instanceof HttpError && [v.status, v.message], ([s, m]) => new HttpError(s, m)],
      },
    };
    expect(sendError(new HttpError(404, 'x'), options)).toBeInstanceOf(HttpError);
    const outer = sendError(new Error('o', { cause: new HttpError(404, 'x') }), options);
    expect(outer.cause).toBeInstanceOf(HttpError);
    expect(outer.cause).toMatchObject({ status: 404, message: 'x' });
  });

  test('with many causes arrives, cut off where it becomes too deep', () => {
    let error = new Error('0');
    for (let i = 1; i < 3000; i++) error = new Error(String(i), { cause: error });
    let depth = 0;
    for (let at: unknown = sendError(error); at instanceof Error; at = at.cause) depth++;
    expect(depth).toBe(500);
  });

  test('arrives whatever its getters do', () => {
    const hostile = new Error('e');
    for (const key of ['stack', 'name', 'message', 'cause', 'constructor']) {
      Object.defineProperty(hostile, key, {
        enumerable: true,
        get: () => {
          throw new Error('no');
        },
      });
    }
    expect(sendError(hostile)).toBeInstanceOf(Error);
    let reads = 0;
    const unsteady = Object.defineProperty(new Error('e'), 'x', {
      enumerable: true,
      get: () => (reads++ ? () => {} : 1),
    });
    expect(sendError(unsteady)).toBeInstanceOf(Error);
    expect(sendError(new Proxy(new Error('e'), {}))).toBeInstanceOf(Error);
    expect(
      sendError(
        new Proxy(
          {},
          {
            getPrototypeOf: () => {
              throw new Error('no');
            },
          },
        ),
      ),
    ).toBeInstanceOf(Error);
  });
});
