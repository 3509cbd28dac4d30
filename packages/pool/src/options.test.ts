import { describe, expect, test } from 'vitest';
import { checkParMapOptions, PAR_MAP_DEFAULTS, type ParMapOptions } from './options.js';

const check = (options: unknown) => checkParMapOptions(options as ParMapOptions);

describe('checkParMapOptions()', () => {
  test('fills in the defaults', () => {
    expect(checkParMapOptions()).toEqual(PAR_MAP_DEFAULTS);
    expect(PAR_MAP_DEFAULTS).toMatchObject({
      isolation: 'auto',
      concurrency: 16,
      retries: 0,
      maxResultBytes: 2 ** 30,
    });
  });

  test.each([
    { chunk: 1, isolation: 'auto' },
    { chunk: 'auto' },
    { lanes: 0 },
    { isolation: 'lane' },
    { itemTimeout: 0.5 },
    { seed: -1.5 },
    { seed: '' },
    { onProgress: () => {}, setup: async () => {} },
    { engine: 'spawn', timeout: Number.POSITIVE_INFINITY },
  ] satisfies ParMapOptions[])('accepts %j', (options) => {
    expect(check(options)).toEqual({ ...PAR_MAP_DEFAULTS, ...options });
  });

  test('a number of items per chunk means a child per chunk, unless the call says otherwise', () => {
    expect(check({ chunk: 7 }).isolation).toBe('chunk');
    expect(check({ chunk: 7, isolation: 'lane' }).isolation).toBe('lane');
    expect(check({ chunk: 'auto' }).isolation).toBe('auto');
    expect(check({}).chunk).toBeUndefined();
  });

  test.each<[unknown, string, string]>([
    [
      { chunk: 0 },
      'ERR_OUT_OF_RANGE',
      'The value of "options.chunk" is out of range. It must be >= 1. Received 0',
    ],
    [{ chunk: 1.5 }, 'ERR_OUT_OF_RANGE', 'an integer'],
    [{ chunk: 'all' }, 'ERR_INVALID_ARG_TYPE', 'of type number'],
    [{ lanes: -1 }, 'ERR_OUT_OF_RANGE', 'Received -1'],
    [{ lanes: Number.NaN }, 'ERR_OUT_OF_RANGE', 'an integer'],
    [{ isolation: 'none' }, 'ERR_INVALID_ARG_VALUE', "one of 'auto', 'chunk', 'lane'"],
    [{ concurrency: 0 }, 'ERR_OUT_OF_RANGE', '>= 1'],
    [{ itemTimeout: 0 }, 'ERR_OUT_OF_RANGE', '> 0'],
    [{ retries: -1 }, 'ERR_OUT_OF_RANGE', '>= 0'],
    [{ settle: 1 }, 'ERR_INVALID_ARG_TYPE', 'of type boolean'],
    [{ seed: Number.NaN }, 'ERR_OUT_OF_RANGE', 'a finite number'],
    [{ seed: {} }, 'ERR_INVALID_ARG_TYPE', 'of type number'],
    [{ onProgress: 1 }, 'ERR_INVALID_ARG_TYPE', 'of type function'],
    [{ setup: 'x' }, 'ERR_INVALID_ARG_TYPE', 'of type function'],
    [{ engine: 'thread' }, 'ERR_INVALID_ARG_VALUE', "one of 'auto', 'fork', 'spawn', 'inline'"],
    [{ chunks: 3 }, 'ERR_INVALID_ARG_VALUE', "unknown option 'chunks'; did you mean 'chunk'?"],
    [{ timeout: 0 }, 'ERR_OUT_OF_RANGE', '> 0'],
  ])('rejects %j with %s', (options, code, message) => {
    expect(() => check(options)).toThrow(message);
    expect(() => check(options)).toThrow(expect.objectContaining({ code }));
  });
});
