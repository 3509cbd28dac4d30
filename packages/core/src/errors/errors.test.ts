import { describe, expect, test } from 'vitest';
import {
  CallableDidNotExecuteError,
  CallableExecutedError,
  CallableStatusUnknownError,
  CLASS_OF_EFFECT,
  ForkError,
  forkError,
} from './classes.js';
import { EFFECT_OF_CODE, type ForkErrorCode, isForkErrorCode } from './codes.js';

const codes = Object.keys(EFFECT_OF_CODE) as ForkErrorCode[];

describe('forkError()', () => {
  test.each(codes)('gives %s the class and the effect of the table', (code) => {
    const error = forkError(code, 'it broke');
    const effect = EFFECT_OF_CODE[code];
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(ForkError);
    expect(error).toBeInstanceOf(CLASS_OF_EFFECT[effect]);
    expect(error.effect).toBe(effect);
    expect(error.code).toBe(code);
    expect(error.retryable).toBe(effect === 'CallableDidNotExecute');
    expect(error.name).toBe(`${effect}Error`);
  });

  test('carries the fields it is given and no others', () => {
    const fields = { pid: 7, signal: 'SIGSEGV' as const, index: 3, chunk: { start: 0, end: 5 }, lane: 1 };
    const error = forkError('ERR_FORKMAP_KILLED', 'died', { ...fields, stdout: undefined, cause: undefined });
    expect(error).toMatchObject(fields);
    expect(Object.keys(error).sort()).toEqual(['chunk', 'code', 'effect', 'index', 'lane', 'pid', 'signal']);
    expect('cause' in error).toBe(false);
  });

  test('keeps the cause as a property that is not enumerable', () => {
    const cause = new Error('EMFILE');
    const error = forkError('ERR_FORKMAP_PIPE', 'no pipe', { cause });
    expect(error.cause).toBe(cause);
    expect(Object.keys(error)).toEqual(['code', 'effect']);
  });

  test('has a stack that names the class and begins at the caller', () => {
    const [first, second] = (forkError('ERR_FORKMAP_FORK', 'no fork').stack ?? '').split('\n');
    expect(first).toBe('CallableDidNotExecuteError: no fork');
    expect(second).toContain('errors.test.ts');
  });

  test('sorts by instanceof alone', () => {
    expect(forkError('ERR_FORKMAP_FORK', '')).not.toBeInstanceOf(CallableExecutedError);
    expect(forkError('ERR_FORKMAP_WRITE', '')).not.toBeInstanceOf(CallableDidNotExecuteError);
    expect(forkError('ERR_FORKMAP_READ', '')).toBeInstanceOf(CallableStatusUnknownError);
  });
});

test('isForkErrorCode() knows the codes of the table only', () => {
  expect(isForkErrorCode('ERR_FORKMAP_FORK')).toBe(true);
  for (const code of ['ERR_OUT_OF_RANGE', 'toString', '__proto__', 7, undefined]) {
    expect(isForkErrorCode(code)).toBe(false);
  }
});
