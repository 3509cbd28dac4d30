import { constants } from 'node:buffer';
import {
  type Check,
  type CheckTable,
  checkItems,
  checkOptions,
  DEFAULTS,
  FORK_OPTION_CHECKS,
  type ForkOptions,
  invalidArgType,
  isBoolean,
  isExactlyOr,
  isFiniteNumber,
  isFunction,
  isInteger,
  isOneOf,
  isPositiveOrInfinity,
  outOfRange,
} from '@forkmap/core/internal';
import { isRemoteEngine, type RemoteEngine } from './engine/remote.js';
import { isJournal, type JournalOptions } from './journal/options.js';
import type { Explanation } from './trace/explain.js';

/** How far a call is, as `onProgress` is told. */
export interface Progress {
  /** Items settled, failures among them. */
  done: number;
  /** Items in the call. */
  total: number;
  /** Items settled by an error. */
  failed: number;
  /** Children at work now. */
  running: number;
  /** Milliseconds since the call. */
  elapsed: number;
  /** Items whose results were in the journal, where there are some: they are in `done`, and not in the rate. */
  fromJournal?: number;
  /** Milliseconds to the end at the rate seen, once a rate is known. */
  eta?: number;
}

/** Options of `parMap`. */
export interface ParMapOptions extends ForkOptions {
  /**
   * Items handed to a child at once; a number is exact. Default: 512, fewer where lanes would be idle, and what is left at
   * the end is shared out among them; in long lists more, where 512 items take next to no time. `auto`: a share per lane,
   * split where a lane is idle.
   */
  chunk?: number | 'auto';
  /** Children at the same time; 0 runs everything inline. Default: the CPUs available, the cgroup's quota heeded. */
  lanes?: number;
  /**
   * How long a child lives. `chunk`: for one chunk (the default where `chunk` is a number). `auto`: for one chunk where that
   * takes some 20 times as long as the child's birth, otherwise for several, until it has lived that long or has taken
   * 128 MiB of its own (the default where `chunk` is no number). `lane`: for all chunks of its lane.
   */
  isolation?: 'auto' | 'chunk' | 'lane';
  /** Async functions: items in flight within a child. Default: 16. */
  concurrency?: number;
  /** Milliseconds for one item: only that item fails, the rest of its chunk goes on in a fresh child. */
  itemTimeout?: number;
  /** How often an item whose child died is tried again. Default: 0. */
  retries?: number;
  /** Give `PromiseSettledResult`s instead of failing at the first error. Default: false. */
  settle?: boolean;
  /** `Math.random` gives the same numbers per item, whatever the chunks and lanes. */
  seed?: number | string;
  /** Told of progress, at most 20 times per second, and once at the end. */
  onProgress?: (progress: Progress) => void;
  /**
   * Told of each item once, as it is settled, on the caller's thread: what it was told of is not lost, however the call
   * ends. What it throws rejects the call. Of parMap, parForEach and parStream.
   */
  onSettled?: (index: number, result: PromiseSettledResult<unknown>) => void;
  /**
   * With `settle`: so many failures end the call, or such a share of the items (`'5%'`). The rest is rejected as
   * `ERR_FORKMAP_HALTED`. Of a stream, the share is that of the items settled so far, once there are 100.
   */
  halt?: number | `${number}%`;
  /**
   * Keeps results on disk as they come: the same call again begins where this one ended. A file, or `JournalOptions`. Of
   * parMap, parForEach, parStream and kept functions.
   */
  journal?: string | JournalOptions<never>;
  /** Runs once in each child, before its first item. */
  setup?: () => void | Promise<void>;
  /**
   * Runs once in each child, after its last item: to flush what is buffered. What it throws is told on standard error; the
   * results stand. Not in a child that died, or that was ended by an abort, a deadline, another item's failure, or because what is
   * wanted was found.
   */
  teardown?: () => void | Promise<void>;
  /** Where items run: forked children, spawned processes, this one (`inline`), or a `Cluster` of machines. Default: `auto`. */
  engine?: 'auto' | 'fork' | 'spawn' | 'inline' | RemoteEngine;
  /** Tells where the time went when the call is over: on standard error, or to a function. */
  explain?: boolean | ((explanation: Explanation) => void);
}

/** Items handed to a child at once, at most, where the call does not say and they take their time. */
export const DEFAULT_CHUNK = 512;

/** The defaults of `ParMapOptions`. This is the only copy, but for `chunk`: see `cutOf`. */
export const PAR_MAP_DEFAULTS = Object.freeze({
  ...DEFAULTS,
  isolation: 'auto',
  concurrency: 16,
  retries: 0,
  settle: false,
  engine: 'auto',
} as const satisfies Partial<ParMapOptions>);

/** Options that went through `checkParMapOptions`: those with a default are there. */
export type CheckedParMapOptions = ParMapOptions &
  Required<Pick<ParMapOptions, keyof typeof PAR_MAP_DEFAULTS>>;

const isSeed: Check = (name, value) => {
  if (typeof value === 'string') return;
  isFiniteNumber(name, value);
};

const isExplain: Check = (name, value) => {
  if (typeof value !== 'boolean' && typeof value !== 'function') {
    throw invalidArgType(name, 'of type boolean or function', value);
  }
};

const isNamedEngine = isOneOf('auto', 'fork', 'spawn', 'inline');

const isEngine: Check = (name, value) => {
  if (!isRemoteEngine(value)) isNamedEngine(name, value);
};

const isHalt: Check = (name, value) => {
  if (typeof value === 'number') isInteger(1)(name, value);
  else if (typeof value !== 'string') throw invalidArgType(name, 'of type number or a percentage', value);
  else if (!/^\d+(\.\d+)?%$/.test(value) || Number.parseFloat(value) > 100)
    throw outOfRange(name, "a number of failures, or a percentage such as '5%'", value);
};

const PAR_MAP_OPTION_CHECKS: Record<keyof ParMapOptions, Check> & CheckTable = {
  ...FORK_OPTION_CHECKS,
  chunk: isExactlyOr('auto', isInteger(1)),
  lanes: isInteger(0, 4096),
  isolation: isOneOf('auto', 'chunk', 'lane'),
  concurrency: isInteger(1),
  itemTimeout: isPositiveOrInfinity,
  retries: isInteger(0),
  settle: isBoolean,
  seed: isSeed,
  onProgress: isFunction,
  onSettled: isFunction,
  halt: isHalt,
  journal: isJournal,
  setup: isFunction,
  teardown: isFunction,
  engine: isEngine,
  explain: isExplain,
};

/**
 * Checks the options of `parMap` and fills in the defaults. Throws as `checkForkOptions` does.
 * `lanes` and `seed` have no default here: what they are otherwise depends on the machine and on chance.
 */
export function checkParMapOptions(options?: ParMapOptions): CheckedParMapOptions {
  const defaults =
    typeof options?.chunk === 'number'
      ? { ...PAR_MAP_DEFAULTS, isolation: 'chunk' as const }
      : PAR_MAP_DEFAULTS;
  return checkOptions<CheckedParMapOptions>(options, PAR_MAP_OPTION_CHECKS, defaults);
}

const TypedArray = Object.getPrototypeOf(Uint8Array) as abstract new () => unknown;

/** Checks the arguments of `sharedArray`. */
export function checkSharedArray(kind: unknown, source: unknown): void {
  const isKind =
    typeof kind === 'function' && kind.prototype instanceof TypedArray && 'BYTES_PER_ELEMENT' in kind;
  if (!isKind) throw invalidArgType('kind', 'the constructor of a typed array', kind);
  if (typeof source === 'number') {
    const { BYTES_PER_ELEMENT } = kind as unknown as { BYTES_PER_ELEMENT: number };
    isInteger(0, Math.floor(constants.MAX_LENGTH / BYTES_PER_ELEMENT))('length', source);
  } else {
    checkItems(source, 'source');
  }
}
