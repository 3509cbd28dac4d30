/** Wrong arguments are a typed error at once, and nothing is forked. */
import { type ForkOptions, forkMap, forkMapSync } from '@forkmap/core';
import { type ParMapOptions, parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNothingForked } from '../helpers/forks.js';
import { rejectionOf, thrownBy } from '../helpers/runs.js';

const TYPE = { errorClass: TypeError, code: 'ERR_INVALID_ARG_TYPE' };
const RANGE = { errorClass: RangeError, code: 'ERR_OUT_OF_RANGE' };
const VALUE = { errorClass: TypeError, code: 'ERR_INVALID_ARG_VALUE' };
type Expected = [wrong: typeof TYPE | typeof RANGE, message: string | RegExp];

function expectArgumentError(error: unknown, [{ errorClass, code }, message]: Expected): void {
  expect(error).toBeInstanceOf(errorClass);
  expect(error).toHaveProperty('code', code);
  expect((error as Error).message).toMatch(message);
}

const fn = () => 0;

const badFunctions: [value: unknown, ...Expected][] = [
  ['x', TYPE, `The "fn" argument must be of type function. Received type string ('x')`],
  [undefined, TYPE, 'Received undefined'],
  [{}, TYPE, 'Received an instance of Object'],
];

const badForkOptions: [options: object | number, ...Expected][] = [
  [5, TYPE, 'The "options" argument must be of type object'],
  [{ timeout: 0 }, RANGE, '"options.timeout"'],
  [{ timeout: -1 }, RANGE, 'Received -1'],
  [{ timeout: Number.NaN }, RANGE, 'Received NaN'],
  [{ timeout: '5' }, TYPE, "Received type string ('5')"],
  [{ memoryLimit: 0 }, RANGE, '"options.memoryLimit"'],
  [{ maxResultBytes: 1.5 }, RANGE, 'an integer'],
  [{ signal: {} }, TYPE, 'an instance of AbortSignal'],
  [{ codec: 'json' }, VALUE, "one of 'auto', 'devalue', 'structured'"],
  [{ stdio: 'pipe' }, VALUE, "one of 'inherit', 'ignore', 'capture'"],
  [{ types: { Point: [fn] } }, TYPE, 'a pair of functions [reduce, revive]'],
  [{ name: 7 }, TYPE, 'of type string'],
  [{ timout: 5 }, VALUE, "unknown option 'timout'; did you mean 'timeout'?"],
];

const badParMapOptions: [options: object, ...Expected][] = [
  [{ chunk: 0 }, RANGE, 'The value of "options.chunk" is out of range. It must be >= 1. Received 0'],
  [{ chunk: 1.5 }, RANGE, 'It must be an integer. Received 1.5'],
  [{ chunk: '5' }, TYPE, 'of type number'],
  [{ lanes: -1 }, RANGE, '"options.lanes"'],
  [{ lanes: 1.5 }, RANGE, 'an integer'],
  [{ isolation: 'item' }, VALUE, "one of 'auto', 'chunk', 'lane'"],
  [{ concurrency: 0 }, RANGE, '>= 1'],
  [{ itemTimeout: 0 }, RANGE, '> 0'],
  [{ retries: -1 }, RANGE, '>= 0'],
  [{ settle: 'yes' }, TYPE, 'of type boolean'],
  [{ onProgress: 5 }, TYPE, 'of type function'],
  [{ setup: 5 }, TYPE, 'of type function'],
  [{ seed: {} }, TYPE, 'of type number'],
  [{ engine: 'thread' }, VALUE, "one of 'auto', 'fork', 'spawn', 'inline'"],
  [{ chunks: 3 }, VALUE, "unknown option 'chunks'; did you mean 'chunk'?"],
  [{ toString: 3 }, VALUE, "unknown option 'toString'"],
];

const badItems: [items: unknown, ...Expected][] = [
  [5, TYPE, 'The "items" argument must be iterable or array-like. Received type number (5)'],
  [undefined, TYPE, 'Received undefined'],
  [null, TYPE, 'Received null'],
  [{}, TYPE, 'Received an instance of Object'],
  [fn, TYPE, 'Received function fn'],
];

describe('forkMapSync() throws at once, with nothing forked, for', () => {
  it.each(badFunctions)('fn %s', async (value, ...expected) => {
    const error = await expectNothingForked(() => thrownBy(() => forkMapSync(value as typeof fn)));
    expectArgumentError(error, expected);
  });

  it.each(badForkOptions)('options %j', async (options, ...expected) => {
    const error = await expectNothingForked(() => thrownBy(() => forkMapSync(fn, options as ForkOptions)));
    expectArgumentError(error, expected);
  });
});

describe('forkMap() rejects, with nothing forked, for', () => {
  it.each(badFunctions)('fn %s', async (value, ...expected) => {
    expectArgumentError(await expectNothingForked(() => rejectionOf(forkMap(value as typeof fn))), expected);
  });

  it.each(badForkOptions)('options %j', async (options, ...expected) => {
    const error = await expectNothingForked(() => rejectionOf(forkMap(fn, options as ForkOptions)));
    expectArgumentError(error, expected);
  });
});

describe.each([
  ['a list', [1, 2]],
  ['an empty list', []],
])('parMap() of %s rejects, with nothing forked, for', (_what, items) => {
  it.each(badFunctions)('fn %s', async (value, ...expected) => {
    expectArgumentError(
      await expectNothingForked(() => rejectionOf(parMap(items, value as typeof fn))),
      expected,
    );
  });

  it.each([...badForkOptions, ...badParMapOptions])('options %j', async (options, ...expected) => {
    const error = await expectNothingForked(() => rejectionOf(parMap(items, fn, options as ParMapOptions)));
    expectArgumentError(error, expected);
  });
});

describe('parMap() rejects, with nothing forked, for', () => {
  it.each(badItems)('items %s', async (items, ...expected) => {
    expectArgumentError(await expectNothingForked(() => rejectionOf(parMap(items as [], fn))), expected);
  });

  it('items whose iterator throws, by what it threw', async () => {
    function* fails() {
      yield 1;
      throw new RangeError('no more');
    }
    const error = await expectNothingForked(() => rejectionOf(parMap(fails(), fn)));
    expect(error).toMatchObject({ name: 'RangeError', message: 'no more' });
  });
});

it('options may be undefined, empty, or hold undefined', async () => {
  expect(forkMapSync(fn, undefined)).toBe(0);
  expect(await forkMap(fn, {})).toBe(0);
  expect(await parMap([1], fn, { chunk: undefined, timeout: undefined })).toEqual([0]);
});
