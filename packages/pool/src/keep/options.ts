import {
  type Check,
  type CheckTable,
  checkOptions,
  DEFAULTS,
  FORK_OPTION_CHECKS,
  isAbortSignal,
  isFiniteNumber,
  isFunction,
  isInteger,
  isOneOf,
  isPositiveOrInfinity,
} from '@forkmap/core/internal';
import type { ParMapOptions } from '../options.js';

/** Options of `keep`. */
export interface KeepOptions
  extends Pick<
    ParMapOptions,
    | 'lanes'
    | 'memoryLimit'
    | 'maxResultBytes'
    | 'itemTimeout'
    | 'retries'
    | 'types'
    | 'codec'
    | 'stdio'
    | 'name'
    | 'setup'
  > {
  /** Where calls run: forked children, or (`inline`) this process. Default: `auto`. */
  engine?: 'auto' | 'fork' | 'inline';
  /** Runs once, in the snapshot, before any child is forked: what it loads and caches, all children have. */
  warm?: () => void;
  /** Children are kept for many calls (the default), or each call has a fresh child of its own. */
  isolation?: 'lane' | 'call';
  /** Asynchronous functions: calls in flight within a child. Default: 1. */
  concurrency?: number;
  /** So many calls may wait; more are refused with `ERR_FORKMAP_QUEUE_FULL`. Default: no limit. */
  maxQueue?: number;
  /** A child is replaced after so many calls, give or take a tenth. Default: no limit. */
  maxCalls?: number;
  /** Milliseconds after which a child that has nothing to do ends; the snapshot stays. Default: no limit. */
  idleTimeout?: number;
}

/** The defaults of `KeepOptions`. This is the only copy. */
export const KEEP_DEFAULTS = Object.freeze({
  ...DEFAULTS,
  isolation: 'lane',
  concurrency: 1,
  retries: 0,
  engine: 'auto',
} as const satisfies Partial<KeepOptions>);

/** Options that went through `checkKeepOptions`: those with a default are there. */
export type CheckedKeepOptions = KeepOptions & Required<Pick<KeepOptions, keyof typeof KEEP_DEFAULTS>>;

const { memoryLimit, maxResultBytes, types, codec, stdio, name } = FORK_OPTION_CHECKS;

const KEEP_OPTION_CHECKS: Record<keyof KeepOptions, Check> & CheckTable = {
  ...{ memoryLimit, maxResultBytes, types, codec, stdio, name },
  lanes: isInteger(0, 1024),
  isolation: isOneOf('lane', 'call'),
  concurrency: isInteger(1),
  itemTimeout: isPositiveOrInfinity,
  retries: isInteger(0),
  setup: isFunction,
  warm: isFunction,
  engine: isOneOf('auto', 'fork', 'inline'),
  maxQueue: isInteger(0),
  maxCalls: isInteger(1),
  idleTimeout: isPositiveOrInfinity,
};

/** Checks the options of `keep` and fills in the defaults. Throws as `checkForkOptions` does. */
export function checkKeepOptions(options?: KeepOptions): CheckedKeepOptions {
  return checkOptions<CheckedKeepOptions>(options, KEEP_OPTION_CHECKS, KEEP_DEFAULTS);
}

/** WHY: of the same name, they are another thing. */
const OF_ITS_OWN = new Set(['isolation', 'concurrency']);

/** What of a pool's defaults is an option of `keep` too. */
export function keepOptionsOf(defaults: ParMapOptions): KeepOptions {
  const known = Object.entries(defaults).filter(
    ([name]) => Object.hasOwn(KEEP_OPTION_CHECKS, name) && !OF_ITS_OWN.has(name),
  );
  return Object.fromEntries(known);
}

/** Options of `Kept.run`. */
export interface KeptRunOptions {
  /** Ends the call; it rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Milliseconds from now, waiting included: `ERR_FORKMAP_TIMEOUT`. Default: no limit. */
  timeout?: number;
  /** Calls of a higher one are begun first; those of the same, in the order in which they were made. Default: 0. */
  priority?: number;
}

const KEPT_RUN_OPTION_CHECKS: Record<keyof KeptRunOptions, Check> & CheckTable = {
  signal: isAbortSignal,
  timeout: isPositiveOrInfinity,
  priority: isFiniteNumber,
};

export function checkKeptRunOptions(options?: KeptRunOptions): KeptRunOptions {
  return options === undefined ? NO_OPTIONS : checkOptions(options, KEPT_RUN_OPTION_CHECKS, NO_OPTIONS);
}

const NO_OPTIONS: KeptRunOptions = Object.freeze({});
