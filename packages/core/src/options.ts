import {
  type Check,
  type CheckTable,
  checkOptions,
  invalidArgType,
  isAbortSignal,
  isExactlyOr,
  isFunction,
  isInteger,
  isOneOf,
  isPositiveOrInfinity,
  isString,
} from './check.js';
import { isSignals } from './hold-signals.js';

// biome-ignore lint/suspicious/noExplicitAny: a reviver is written for the plain form that its own reducer gives
type Revive = (plain: any) => unknown;

/**
 * How to send instances of your classes back: per name a pair of functions. `reduce` gives what to send in the
 * value's place, or anything falsy where the value is not its own; `revive` makes the value again from that.
 * The first pair that answers wins, and all of them are asked before the built-in ways.
 */
export type CustomTypes = Record<string, [reduce: (value: unknown) => unknown, revive: Revive]>;

/** Options of `forkMap` and `forkMapSync`, and of every verb built upon them. */
export interface ForkOptions {
  /** Kills the child; the call rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Milliseconds for the whole call, then the child is killed: `ERR_FORKMAP_TIMEOUT`. Default: no limit. */
  timeout?: number;
  /**
   * Bytes of private memory that a child may take beyond what it inherited: `ERR_FORKMAP_MEMORY_LIMIT`. Garbage counts
   * until V8 collects it. A kept child (`isolation: 'lane'`) has this for all its chunks; one that is over it between two
   * of them is replaced, and no item fails.
   */
  memoryLimit?: number;
  /**
   * Bytes of one encoded result: more is `ERR_FORKMAP_RESULT_TOO_LARGE`. Default: 1 GiB. What `fn` throws may take 1 MiB,
   * however small this is.
   */
  maxResultBytes?: number;
  /** How to send instances of your classes back. */
  types?: CustomTypes;
  /** How results travel: `auto` is the fastest exact way, `structured` Node's structured clone with its losses. */
  codec?: 'auto' | 'devalue' | 'structured';
  /** What becomes of a child's output; captured text is on the error and on the trace. Default: `inherit`. */
  stdio?: 'inherit' | 'ignore' | 'capture';
  /** Shows in errors, traces and the process title. */
  name?: string;
  /**
   * Signals that this process is to take only when the call is over, such as `SIGINT`: whatever they would do, ending
   * the process or running a listener, is put off until then. Children are not meant: they take signals as ever.
   */
  blockSignals?: readonly NodeJS.Signals[];
  /**
   * Runs once before any item, where all children inherit what it compiles, caches and loads: in the snapshot that they
   * are forked from, in the child of `forkMap`, in each process of `engine: 'spawn'`. Synchronous. What it throws rejects
   * the call, and no item is begun. What it prints goes where the caller's output goes.
   */
  warm?: () => void;
}

/** The defaults of `ForkOptions`. This is the only copy. */
export const DEFAULTS = Object.freeze({
  maxResultBytes: 1024 ** 3,
  codec: 'auto',
  stdio: 'inherit',
} as const satisfies Partial<ForkOptions>);

/** Options that went through `checkForkOptions`: those with a default are there. */
export type CheckedForkOptions = ForkOptions & Required<Pick<ForkOptions, keyof typeof DEFAULTS>>;

const isCustomTypes: Check = (name, value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidArgType(name, 'of type object', value);
  }
  for (const [type, pair] of Object.entries(value)) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw invalidArgType(`${name}.${type}`, 'a pair of functions [reduce, revive]', pair);
    }
    isFunction(`${name}.${type}[0]`, pair[0]);
    isFunction(`${name}.${type}[1]`, pair[1]);
  }
};

/** The check of each option of `ForkOptions`; other tables spread it. */
export const FORK_OPTION_CHECKS: Record<keyof ForkOptions, Check> & CheckTable = {
  signal: isAbortSignal,
  timeout: isPositiveOrInfinity,
  memoryLimit: isPositiveOrInfinity,
  maxResultBytes: isExactlyOr(Number.POSITIVE_INFINITY, isInteger(1)),
  types: isCustomTypes,
  codec: isOneOf('auto', 'devalue', 'structured'),
  stdio: isOneOf('inherit', 'ignore', 'capture'),
  name: isString,
  blockSignals: isSignals,
  warm: isFunction,
};

/**
 * Checks the options of `forkMap` and fills in the defaults. Throws `TypeError` `ERR_INVALID_ARG_TYPE`, `RangeError`
 * `ERR_OUT_OF_RANGE`, or `TypeError` `ERR_INVALID_ARG_VALUE` with the option that was probably meant.
 */
export function checkForkOptions(options?: ForkOptions): CheckedForkOptions {
  return checkOptions<CheckedForkOptions>(options, FORK_OPTION_CHECKS, DEFAULTS);
}
