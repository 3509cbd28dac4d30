import { type CodeWithEffect, EFFECT_OF_CODE, type Effect, type ForkErrorCode } from './codes.js';

/** What may be known about a failure, beside its code and message. Fields left undefined are not set. */
export interface ForkErrorFields {
  /** The child's process id. */
  pid?: number;
  /** The child's exit code, where it exited. */
  exitCode?: number;
  /** The signal that ended the child, where one did. */
  signal?: NodeJS.Signals;
  /** The item that was being worked on: its index in the list. */
  index?: number;
  /** The chunk of items that the child was given: `[start, end)`. */
  chunk?: { start: number; end: number };
  /** The lane in which the child ran, numbered from 0. */
  lane?: number;
  /** What the child wrote to standard output, where it was captured. */
  stdout?: string;
  /** What the child wrote to standard error, where it was captured. */
  stderr?: string;
  /** Where more is known than the code says: a call that was over its time before it began has not executed. */
  effect?: Effect;
  /** The system error (errno, syscall) or the encoding error behind this one. */
  cause?: unknown;
}

const FIELD_NAMES = ['pid', 'exitCode', 'signal', 'index', 'chunk', 'lane', 'stdout', 'stderr'] as const;

/**
 * Something went wrong around the caller's function (what the function itself throws is never a `ForkError`).
 * Branch on `effect` first, which says whether the function ran, then on `code`.
 */
export abstract class ForkError extends Error {
  /** Stable; see `EFFECT_OF_CODE`. */
  readonly code: ForkErrorCode;
  /** What is known about the caller's function. */
  readonly effect: Effect;

  declare pid?: number;
  declare exitCode?: number;
  declare signal?: NodeJS.Signals;
  declare index?: number;
  declare chunk?: { start: number; end: number };
  declare lane?: number;
  declare stdout?: string;
  declare stderr?: string;

  constructor(code: ForkErrorCode, message: string, fields: ForkErrorFields = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = code;
    this.effect = fields.effect ?? EFFECT_OF_CODE[code];
    for (const name of FIELD_NAMES) {
      // WHY: an absent field is not an own property, so that printed errors show only what is known.
      if (fields[name] !== undefined) Object.assign(this, { [name]: fields[name] });
    }
  }

  /** True exactly where nothing has executed, so that trying again cannot run anything twice. */
  get retryable(): boolean {
    return this.effect === 'CallableDidNotExecute';
  }
}

/** The function was not begun: trying again is safe. */
export class CallableDidNotExecuteError extends ForkError {
  declare readonly code: CodeWithEffect<'CallableDidNotExecute'>;
  declare readonly effect: 'CallableDidNotExecute';
}

/** The function ran to its end, but its result could not be returned: trying again runs it a second time. */
export class CallableExecutedError extends ForkError {
  declare readonly code: CodeWithEffect<'CallableExecuted'>;
  declare readonly effect: 'CallableExecuted';
}

/** The function was begun, and how far it came is not known: trying again may repeat some of its effects. */
export class CallableStatusUnknownError extends ForkError {
  declare readonly code: CodeWithEffect<'CallableStatusUnknown'>;
  declare readonly effect: 'CallableStatusUnknown';
}

/** The class of each effect. */
export const CLASS_OF_EFFECT = {
  CallableDidNotExecute: CallableDidNotExecuteError,
  CallableExecuted: CallableExecutedError,
  CallableStatusUnknown: CallableStatusUnknownError,
} as const;

for (const errorClass of [ForkError, ...Object.values(CLASS_OF_EFFECT)]) {
  // WHY: on the prototype and not enumerable, as the built-in errors have it.
  Object.defineProperty(errorClass.prototype, 'name', {
    value: errorClass.name,
    writable: true,
    configurable: true,
  });
}

/**
 * Makes the `ForkError` for a code, of the class that the table gives it.
 * @param code picks the class
 * @param message doing what, to which lane or item, expected X, received Y
 * @param fields what is known; undefined fields are left out
 */
export function forkError(code: ForkErrorCode, message: string, fields?: ForkErrorFields): ForkError {
  const errorClass = CLASS_OF_EFFECT[fields?.effect ?? EFFECT_OF_CODE[code]];
  const error = new errorClass(code, message, fields);
  // WHY: the stack should begin where the failure was found, not in here.
  Error.captureStackTrace(error, forkError);
  return error;
}

/** A process could not be started, or cannot run what it was started for. */
export function spawnError(message: string, cause?: unknown): ForkError {
  return forkError('ERR_FORKMAP_SPAWN', message, { cause });
}
