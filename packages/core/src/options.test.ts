import { describe, expect, test } from 'vitest';
import { checkForkOptions, DEFAULTS, type ForkOptions } from './options.js';

const check = (options: unknown) => checkForkOptions(options as ForkOptions);

describe('checkForkOptions()', () => {
  test('fills in the defaults', () => {
    expect(checkForkOptions()).toEqual(DEFAULTS);
    expect(checkForkOptions({})).toEqual(DEFAULTS);
    expect(checkForkOptions({ codec: undefined, timeout: undefined })).toEqual(DEFAULTS);
  });

  test('keeps what it is given, in a copy', () => {
    const options: ForkOptions = {
      signal: new AbortController().signal,
      timeout: 5,
      memoryLimit: 1e9,
      maxResultBytes: 10,
      types: { Point: [() => false, (plain) => plain] },
      codec: 'structured',
      stdio: 'capture',
      name: 'job',
    };
    const checked = checkForkOptions(options);
    expect(checked).toEqual(options);
    expect(checked).not.toBe(options);
  });

  test.each<[unknown, string, string]>([
    [5, 'ERR_INVALID_ARG_TYPE', 'The "options" argument must be of type object. Received type number (5)'],
    [null, 'ERR_INVALID_ARG_TYPE', 'Received null'],
    [[], 'ERR_INVALID_ARG_TYPE', 'Received an instance of Array'],
    [
      { signal: 1 },
      'ERR_INVALID_ARG_TYPE',
      'The "options.signal" property must be an instance of AbortSignal',
    ],
    [{ timeout: '5' }, 'ERR_INVALID_ARG_TYPE', "of type number. Received type string ('5')"],
    [
      { timeout: 0 },
      'ERR_OUT_OF_RANGE',
      'The value of "options.timeout" is out of range. It must be > 0. Received 0',
    ],
    [{ timeout: Number.NaN }, 'ERR_OUT_OF_RANGE', 'Received NaN'],
    [{ memoryLimit: -1 }, 'ERR_OUT_OF_RANGE', 'Received -1'],
    [{ maxResultBytes: 1.5 }, 'ERR_OUT_OF_RANGE', 'It must be an integer. Received 1.5'],
    [{ maxResultBytes: 0 }, 'ERR_OUT_OF_RANGE', 'It must be >= 1. Received 0'],
    [{ types: [] }, 'ERR_INVALID_ARG_TYPE', 'The "options.types" property must be of type object'],
    [
      { types: { P: [1, 2] } },
      'ERR_INVALID_ARG_TYPE',
      'The "options.types.P[0]" property must be of type function',
    ],
    [{ types: { P: {} } }, 'ERR_INVALID_ARG_TYPE', 'a pair of functions [reduce, revive]'],
    [
      { codec: 'json' },
      'ERR_INVALID_ARG_VALUE',
      "must be one of 'auto', 'devalue', 'structured'. Received 'json'",
    ],
    [{ codec: 'devalu' }, 'ERR_INVALID_ARG_VALUE', "did you mean 'devalue'?"],
    [
      { stdio: 1 },
      'ERR_INVALID_ARG_TYPE',
      "must be one of 'inherit', 'ignore', 'capture'. Received type number (1)",
    ],
    [{ name: 5 }, 'ERR_INVALID_ARG_TYPE', 'must be of type string'],
    [{ timout: 5 }, 'ERR_INVALID_ARG_VALUE', "unknown option 'timout'; did you mean 'timeout'?"],
    [{ memorylimit: 5 }, 'ERR_INVALID_ARG_VALUE', "did you mean 'memoryLimit'?"],
    [{ zzzzz: 5 }, 'ERR_INVALID_ARG_VALUE', "unknown option 'zzzzz'; expected one of signal, timeout"],
    [{ toString: 5 }, 'ERR_INVALID_ARG_VALUE', "unknown option 'toString'"],
  ])('rejects %j with %s', (options, code, message) => {
    const errorClass = code === 'ERR_OUT_OF_RANGE' ? RangeError : TypeError;
    expect(() => check(options)).toThrow(errorClass);
    expect(() => check(options)).toThrow(message);
    expect(() => check(options)).toThrow(expect.objectContaining({ code }));
  });
});
