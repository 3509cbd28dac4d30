import type { Outcome } from '@forkmap/native';
import { has } from './check.js';
import { rehearsedItem } from './child/birth/rehearsal.js';
import type { ChildWork } from './child/work.js';
import { forkError } from './errors/classes.js';
import { readFrames } from './frames.js';
import type { CheckedForkOptions } from './options.js';
import { errorOfOutcome } from './outcome.js';

/** What its trace calls the only item there is. */
export const THE_ITEM = Object.freeze({ start: 0, end: 1 });

/** Whatever the index is, it is the same function. */
function invokeAlone(fn: () => unknown): ChildWork['invoke'] {
  return () => fn();
}

/** For `prepareForChildren`. */
export const REHEARSED = [invokeAlone(rehearsedItem)];

/** What `forkMap` and `forkMapSync` have in common: one function is one item. */
export function workOf(fn: () => unknown, options: CheckedForkOptions, mustBeSync: boolean): ChildWork {
  return {
    invoke: invokeAlone(fn),
    codec: { codec: options.codec, ...(options.types && { types: options.types }) },
    maxResultBytes: options.maxResultBytes,
    concurrency: 1,
    goesOnAfterFailure: false,
    mustBeSync,
    name: options.name,
    warm: options.warm,
    originPid: process.pid,
  };
}

/** As the addon takes them. */
export function planOf(options: CheckedForkOptions) {
  return {
    maxPayloadBytes: Math.min(options.maxResultBytes, Number.MAX_SAFE_INTEGER),
    timeoutMs: finite(options.timeout),
    memoryBytes: finite(options.memoryLimit),
    stdio: options.stdio,
  };
}

/** A limit that is one: infinity is none. */
export function finite(limit: number | undefined): number | undefined {
  return limit === Number.POSITIVE_INFINITY ? undefined : limit;
}

/** A call of one function. */
export interface OneCall {
  work: ChildWork;
  options: CheckedForkOptions;
  /** See `oomKillCounter`. */
  oomKills: () => number;
}

/** The result of the one item, or throws what it threw, or the error of what went wrong around it. */
export function settleOne(outcome: Outcome, { work, options, oomKills }: OneCall): unknown {
  let settled: { value: unknown } | { error: unknown } | undefined;
  const subject = options.name ?? 'the function';
  const captured = {
    ...(outcome.pid > 0 && { pid: outcome.pid }),
    ...(outcome.stdout !== undefined && { stdout: outcome.stdout }),
    ...(outcome.stderr !== undefined && { stderr: outcome.stderr }),
  };
  readFrames(outcome, work.codec, {
    results(_first, values) {
      settled = { value: values[0] };
    },
    thrown(_index, error) {
      settled = { error };
    },
    failed(_index, { code, message }) {
      settled = { error: forkError(code, `${subject}: ${message}`, captured) };
    },
    undecodable(_first, _count, cause) {
      const message = `${subject}: its result arrived, but could not be decoded`;
      settled = { error: forkError('ERR_FORKMAP_DESERIALIZE', message, { ...captured, cause }) };
    },
  });
  settled ??= {
    error:
      errorOfOutcome(outcome, {
        subject,
        timeoutMs: options.timeout,
        memoryBytes: options.memoryLimit,
        oomKills,
      }) ?? forkError('ERR_FORKMAP_TRUNCATED', `${subject}: the child ended without a result`, captured),
  };
  if (has(settled, 'error')) throw settled.error;
  return settled.value;
}
