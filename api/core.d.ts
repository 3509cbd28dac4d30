import { H as CallableExecutedError, U as CallableStatusUnknownError, V as CallableDidNotExecuteError, W as ForkError, X as Effect, Z as ForkErrorCode, a as SnapshotTrace, g as ForkOptions, i as SnapshotTimings, n as ChunkTimings, p as CustomTypes, r as ChunkTrace, t as CallTrace, u as isForkChild } from "./shared-contexts.cjs";
import { Readable, Writable } from "node:stream";

/**
 * Runs `fn` in a forked child that has a copy-on-write copy of all that this thread's JavaScript can reach, and gives
 * back what it returned. Nothing that `fn` does to memory reaches the caller. The child is forked in the event loop's
 * next turn, and sees the world as it is then.
 *
 * @param fn any closure, asynchronous or not. No constraint on what it captures.
 * @param options see `ForkOptions`.
 * @returns a copy of what `fn` returned, or of what its promise was fulfilled with.
 * @throws (rejects with) what `fn` threw; a `ForkError` for what went wrong around it; `signal.reason` when aborted, once
 *   the child is gone; `TypeError` or `RangeError` for wrong arguments, with nothing forked.
 */
declare function forkMap<R>(fn: () => R | PromiseLike<R>, options?: ForkOptions): Promise<R>;
/**
 * Runs `fn` in a forked child that has a copy-on-write copy of all that this thread's JavaScript can reach, blocks until
 * it is done, and gives back what it returned. Nothing that `fn` does to memory reaches the caller.
 *
 * @param fn any closure; synchronous: one that returns a promise is `ERR_FORKMAP_ASYNC_IN_SYNC` (use `forkMap`).
 * @param options see `ForkOptions`. A signal is looked at before the fork only: while this blocks, none can fire.
 * @returns a copy of what `fn` returned.
 * @throws what `fn` threw; a `ForkError` for what went wrong around it; `signal.reason` where it had fired;
 *   `TypeError` or `RangeError` for wrong arguments, with nothing forked.
 */
declare function forkMapSync<R>(fn: () => R, options?: ForkOptions): R;
/**
 * To be called once, when every function is registered, early in the program. In a process that was started by
 * `spawnFunction` it runs the function, sends what it gives and ends the process: nothing after it is run. Everywhere
 * else it does nothing but allow `spawnFunction`.
 *
 * WHY it may throw there: a function that is asynchronous needs the event loop, and so the stack has to go. What is
 * thrown is taken by nobody but `catch`: do not call it within a `try`.
 */
declare function init(): void;
/**
 * Gives a function a name, by which `spawnFunction` runs it in a new process of this program.
 * @param name not taken yet
 * @param fn called with the arguments of `spawnFunction`; may be asynchronous
 * @throws `ERR_INVALID_STATE` after `init()`: the new process would not know the name when it needs it;
 *   `ERR_INVALID_ARG_VALUE` where the name is taken or empty; `ERR_INVALID_ARG_TYPE`
 */
declare function registerFunction<A extends unknown[]>(name: string, fn: (...args: A) => unknown): void;
type Stdio = 'inherit' | 'ignore' | 'pipe';
/** What the process of a function is like. What is not said is as in this one. */
interface SpawnFunctionOptions {
  /** `process.argv0`: what the process is called. */
  argv0?: string;
  /** What follows the program's name on the command line. Default: as in this process. */
  args?: readonly string[];
  /** The folder in which it works. */
  cwd?: string | URL;
  /** Its environment. */
  env?: NodeJS.ProcessEnv;
  /** The user as whom it runs, by number. */
  uid?: number;
  /** The group as which it runs, by number. */
  gid?: number;
  /** A group and session of its own, which signals to this one do not reach. Default: false. */
  detached?: boolean;
  /** Standard input, output and error: all alike, or one by one. `pipe` puts them on the handle. Default: `inherit`. */
  stdio?: Stdio | readonly [stdin: Stdio, stdout: Stdio, stderr: Stdio];
}
/** A process that runs a registered function. */
interface SpawnedFunction<R = unknown> {
  /** Undefined where the process could not be started: `wait` says why. */
  readonly pid: number | undefined;
  /** Where `stdio` says `pipe`; otherwise null. */
  readonly stdin: Writable | null;
  /** Where `stdio` says `pipe`; otherwise null. */
  readonly stdout: Readable | null;
  /** Where `stdio` says `pipe`; otherwise null. */
  readonly stderr: Readable | null;
  /** Sends a signal, by default `SIGTERM`. False where the process is not there any more. */
  kill(signal?: NodeJS.Signals | number): boolean;
  /**
   * What the function returned, or what its promise was fulfilled with, once the process is gone. Rejects with what it
   * threw, or with a `ForkError` for what went wrong around it. May be called any number of times, or never.
   */
  wait(): Promise<R>;
}
/**
 * Runs a registered function in a new process of this program, which shares no memory with this one: it starts from the
 * beginning, and is taken over at `init()`. For platforms and programs that cannot fork, or must not.
 *
 * @param name what `registerFunction` was given
 * @param args the function's arguments: anything that a result may be. They go by a pipe of their own.
 * @param options what the process is like
 * @returns the process, which keeps this one alive until it ends
 * @throws `ERR_INVALID_STATE` before `init()`; `ERR_INVALID_ARG_VALUE` for a name that is not registered;
 *   `ERR_FORKMAP_SPAWN` in an application whose executable is not Node; `ERR_FORKMAP_SERIALIZE_INPUT` for arguments that cannot be sent; `TypeError` or `RangeError` for wrong options
 */
declare function spawnFunction<R = unknown>(name: string, args?: readonly unknown[], options?: SpawnFunctionOptions): SpawnedFunction<R>;
/**
 * Writes what calls do from now on into a file, in Chrome's trace format: open it in https://ui.perfetto.dev or
 * `chrome://tracing`. Each lane is a row; chunks are spans on it, in which forking, the function's work, encoding and
 * sending are spans of their own; calls, snapshots and decoding are spans in the caller's row; a child that died, a mark.
 *
 * @param path is written anew. `%p` stands for this process's id. In a worker thread the thread's id is put before the ending.
 * @returns how to stop, and finish the file; the end of the process does so too. A file whose process was killed lacks
 *   only its last lines, and opens all the same.
 * @throws the system's error where the file cannot be made.
 */
declare function traceToFile(path: string): () => void;
export { type CallTrace, CallableDidNotExecuteError, CallableExecutedError, CallableStatusUnknownError, type ChunkTimings, type ChunkTrace, type CustomTypes, type Effect, ForkError, type ForkErrorCode, type ForkOptions, type SnapshotTimings, type SnapshotTrace, type SpawnFunctionOptions, type SpawnedFunction, forkMap, forkMapSync, init, isForkChild, registerFunction, spawnFunction, traceToFile };
import { NativeBinding } from "@forkmap/native";

/** What is known about the caller's function when a call fails: the question behind every retry. */
type Effect = 'CallableDidNotExecute' | 'CallableExecuted' | 'CallableStatusUnknown';
/**
 * Every code of a `ForkError`, with its effect on the caller's function. This table is the only copy: the classes,
 * `retryable` and the documentation follow from it.
 */
declare const EFFECT_OF_CODE: {
  /** This platform cannot fork, or the addon does not load. */readonly ERR_FORKMAP_UNSUPPORTED: "CallableDidNotExecute"; /** A pipe, socket or shared memory could not be made (EMFILE, ENFILE, ENOMEM). */
  readonly ERR_FORKMAP_PIPE: "CallableDidNotExecute"; /** fork failed (EAGAIN, ENOMEM). */
  readonly ERR_FORKMAP_FORK: "CallableDidNotExecute"; /** V8's background threads could not be brought to rest in time. */
  readonly ERR_FORKMAP_QUIESCE: "CallableDidNotExecute"; /** A process could not be started, or ended before it came to the function: none of that name is there, or no module. */
  readonly ERR_FORKMAP_SPAWN: "CallableDidNotExecute"; /** No worker of this release takes the call's chunks. */
  readonly ERR_FORKMAP_NO_WORKER: "CallableDidNotExecute"; /** The worker's files are not those of the caller, or it does not offer the task. */
  readonly ERR_FORKMAP_CODE_MISMATCH: "CallableDidNotExecute"; /** An item or an argument cannot be sent to a spawned process; the message gives the path in it. */
  readonly ERR_FORKMAP_SERIALIZE_INPUT: "CallableDidNotExecute"; /** `halt` was reached before this item began. */
  readonly ERR_FORKMAP_HALTED: "CallableDidNotExecute"; /** The journal is of other code, other options or another writer, or is none; the message names what. */
  readonly ERR_FORKMAP_JOURNAL: "CallableDidNotExecute"; /** So many calls of a kept function wait already as may. */
  readonly ERR_FORKMAP_QUEUE_FULL: "CallableDidNotExecute"; /** The result cannot be sent; the message gives the path in it. */
  readonly ERR_FORKMAP_SERIALIZE: "CallableExecuted"; /** The frame was whole, but could not be decoded. */
  readonly ERR_FORKMAP_DESERIALIZE: "CallableExecuted"; /** The encoded result is larger than `maxResultBytes`. */
  readonly ERR_FORKMAP_RESULT_TOO_LARGE: "CallableExecuted"; /** The child could not write its result, or it could not be written to the journal. */
  readonly ERR_FORKMAP_WRITE: "CallableExecuted"; /** A promise came back from a function that had to be synchronous. */
  readonly ERR_FORKMAP_ASYNC_IN_SYNC: "CallableExecuted"; /** Reading the result pipe failed. */
  readonly ERR_FORKMAP_READ: "CallableStatusUnknown"; /** Waiting for the child failed. */
  readonly ERR_FORKMAP_WAIT: "CallableStatusUnknown"; /** The child ended before its result was whole. */
  readonly ERR_FORKMAP_TRUNCATED: "CallableStatusUnknown"; /** The function ended the process itself (`exitCode`). */
  readonly ERR_FORKMAP_EXITED: "CallableStatusUnknown"; /** A signal ended the child (`signal`). */
  readonly ERR_FORKMAP_KILLED: "CallableStatusUnknown"; /** V8 ran out of heap in the child. */
  readonly ERR_FORKMAP_HEAP: "CallableStatusUnknown"; /** The child took more than `memoryLimit` and was killed. */
  readonly ERR_FORKMAP_MEMORY_LIMIT: "CallableStatusUnknown"; /** Over `timeout` or `itemTimeout`; the child was killed. */
  readonly ERR_FORKMAP_TIMEOUT: "CallableStatusUnknown"; /** The child is proved to sleep for ever; it was killed. */
  readonly ERR_FORKMAP_DEADLOCK: "CallableStatusUnknown"; /** The function's promise can never settle: nothing is left in the child's event loop. */
  readonly ERR_FORKMAP_UNSETTLED: "CallableStatusUnknown"; /** The machine that ran it is gone. */
  readonly ERR_FORKMAP_WORKER_LOST: "CallableStatusUnknown";
};
/** A stable code that callers may branch on. */
type ForkErrorCode = keyof typeof EFFECT_OF_CODE;
/** Those codes whose effect is `E`. */
type CodeWithEffect<E extends Effect> = { [C in ForkErrorCode]: (typeof EFFECT_OF_CODE)[C] extends E ? C : never }[ForkErrorCode];
/** True for a string that is a code of the table. */
declare function isForkErrorCode(code: unknown): code is ForkErrorCode;
/** What may be known about a failure, beside its code and message. Fields left undefined are not set. */
interface ForkErrorFields {
  /** The child's process id. */
  pid?: number;
  /** The child's exit code, where it exited. */
  exitCode?: number;
  /** The signal that ended the child, where one did. */
  signal?: NodeJS.Signals;
  /** The item that was being worked on: its index in the list. */
  index?: number;
  /** The chunk of items that the child was given: `[start, end)`. */
  chunk?: {
    start: number;
    end: number;
  };
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
/**
 * Something went wrong around the caller's function (what the function itself throws is never a `ForkError`).
 * Branch on `effect` first, which says whether the function ran, then on `code`.
 */
declare abstract class ForkError extends Error {
  /** Stable; see `EFFECT_OF_CODE`. */
  readonly code: ForkErrorCode;
  /** What is known about the caller's function. */
  readonly effect: Effect;
  pid?: number;
  exitCode?: number;
  signal?: NodeJS.Signals;
  index?: number;
  chunk?: {
    start: number;
    end: number;
  };
  lane?: number;
  stdout?: string;
  stderr?: string;
  constructor(code: ForkErrorCode, message: string, fields?: ForkErrorFields);
  /** True exactly where nothing has executed, so that trying again cannot run anything twice. */
  get retryable(): boolean;
}
/** The function was not begun: trying again is safe. */
declare class CallableDidNotExecuteError extends ForkError {
  readonly code: CodeWithEffect<'CallableDidNotExecute'>;
  readonly effect: 'CallableDidNotExecute';
}
/** The function ran to its end, but its result could not be returned: trying again runs it a second time. */
declare class CallableExecutedError extends ForkError {
  readonly code: CodeWithEffect<'CallableExecuted'>;
  readonly effect: 'CallableExecuted';
}
/** The function was begun, and how far it came is not known: trying again may repeat some of its effects. */
declare class CallableStatusUnknownError extends ForkError {
  readonly code: CodeWithEffect<'CallableStatusUnknown'>;
  readonly effect: 'CallableStatusUnknown';
}
/** The class of each effect. */
declare const CLASS_OF_EFFECT: {
  readonly CallableDidNotExecute: typeof CallableDidNotExecuteError;
  readonly CallableExecuted: typeof CallableExecutedError;
  readonly CallableStatusUnknown: typeof CallableStatusUnknownError;
};
/**
 * Makes the `ForkError` for a code, of the class that the table gives it.
 * @param code picks the class
 * @param message doing what, to which lane or item, expected X, received Y
 * @param fields what is known; undefined fields are left out
 */
declare function forkError(code: ForkErrorCode, message: string, fields?: ForkErrorFields): ForkError;
/** A process could not be started, or cannot run what it was started for. */
declare function spawnError(message: string, cause?: unknown): ForkError;
/** `TypeError` `ERR_INVALID_ARG_TYPE`: the value is of the wrong kind. */
declare function invalidArgType(name: string, expected: string, value: unknown): Error;
/** `RangeError` `ERR_OUT_OF_RANGE`: the right kind, but not a value that makes sense. */
declare function outOfRange(name: string, expected: string, value: unknown): Error;
/** `TypeError` `ERR_INVALID_ARG_VALUE`: not one of the values that exist. */
declare function invalidArgValue(message: string): Error;
/** `Error` `ERR_INVALID_STATE`: right in itself, but not now. */
declare function invalidState(message: string): Error;
/** A value as Node's messages name it: `undefined`, `an instance of Map`, `type number (5)`. */
declare function describeReceived(value: unknown): string;
/** Checks one value: throws the argument error, or returns. `name` is what the message calls it. */
type Check = (name: string, value: unknown) => void;
/** One check per option. Adding an option is adding a line here. */
type CheckTable = Readonly<Record<string, Check>>;
/**
 * Checks an options object against a table and lays it over the defaults. A field that is `undefined` means its
 * default. Throws the first argument error found: unknown names first, then values in the table's order.
 * @returns a fresh object, which later changes to `options` do not reach
 */
declare function checkOptions<T extends object>(options: unknown, table: CheckTable, defaults: Readonly<Partial<T>>): T;
/** The error for an option that does not exist, with the name that was probably meant. */
declare function unknownOption(name: string, known: readonly string[]): Error;
/** The known name that takes the fewest edits to reach, if it takes few enough to have been meant. */
declare function nearestName(name: string, known: readonly string[]): string | undefined;
/** As `in`, of own properties alone: programs give `Object.prototype` whatever they like. */
declare function has<T extends object, K extends string>(value: T, key: K): value is Extract<T, Record<K, unknown>>;
/** A function. */
declare const isFunction: Check;
/** A string. */
declare const isString: Check;
/** A boolean. */
declare const isBoolean: Check;
/** An `AbortSignal`, or what quacks like one (polyfills, other realms). */
declare const isAbortSignal: Check;
/** A whole number, `min` at least and `max` at most. */
declare function isInteger(min: number, max?: number): Check;
/** A number that is neither NaN nor infinite. */
declare const isFiniteNumber: Check;
/** A number above zero, Infinity included ("no limit"). */
declare const isPositiveOrInfinity: Check;
/** One of a few strings. */
declare function isOneOf(...allowed: readonly string[]): Check;
/** This one value, or whatever the other check lets pass. */
declare function isExactlyOr(exact: unknown, otherwise: Check): Check;
/** Checks the function that a call was given. */
declare function checkFn(fn: unknown, name?: string): asserts fn is (...args: never[]) => unknown;
/**
 * Checks a list of items: an iterable (strings are) or an array-like object. `length` is judged as `Array.from`
 * judges it, so any object that has one will do.
 */
declare function checkItems(items: unknown, name?: string): asserts items is Iterable<unknown> | ArrayLike<unknown>;
type Revive = (plain: any) => unknown;
/**
 * How to send instances of your classes back: per name a pair of functions. `reduce` gives what to send in the
 * value's place, or anything falsy where the value is not its own; `revive` makes the value again from that.
 * The first pair that answers wins, and all of them are asked before the built-in ways.
 */
type CustomTypes = Record<string, [reduce: (value: unknown) => unknown, revive: Revive]>;
/** Options of `forkMap` and `forkMapSync`, and of every verb built upon them. */
interface ForkOptions {
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
declare const DEFAULTS: Readonly<{
  readonly maxResultBytes: number;
  readonly codec: "auto";
  readonly stdio: "inherit";
}>;
/** Options that went through `checkForkOptions`: those with a default are there. */
type CheckedForkOptions = ForkOptions & Required<Pick<ForkOptions, keyof typeof DEFAULTS>>;
/** The check of each option of `ForkOptions`; other tables spread it. */
declare const FORK_OPTION_CHECKS: Record<keyof ForkOptions, Check> & CheckTable;
/**
 * Checks the options of `forkMap` and fills in the defaults. Throws `TypeError` `ERR_INVALID_ARG_TYPE`, `RangeError`
 * `ERR_OUT_OF_RANGE`, or `TypeError` `ERR_INVALID_ARG_VALUE` with the option that was probably meant.
 */
declare function checkForkOptions(options?: ForkOptions): CheckedForkOptions;
/** The addon. Throws `ERR_FORKMAP_UNSUPPORTED`, which says how to mend it, where there is none. */
declare function native(): NativeBinding;
/** Whether the addon loads: this process can be forked. */
declare function canFork(): boolean;
/** The variable of the environment by which a process knows that it was started to run a lane. */
declare const LANE_VARIABLE = "FORKMAP_LANE_PROCESS";
/** In a spawned process, once: what runs in it is to know that it is a child. */
declare function becomeSpawnedChild(): void;
/** True inside a child that forkmap forked or spawned. */
declare function isForkChild(): boolean;
/** A call, as the channel `forkmap:call` has it. One object from its start to its end, filled in as things are known. */
interface CallTrace {
  /** Of this thread's calls: 1, 2, 3… */
  readonly id: number;
  /** `forkMap`, `forkMapSync`, `parMap`… */
  readonly verb: string;
  /** The option `name`. */
  readonly name: string | undefined;
  readonly items: number;
  /** Children at the same time, at most. */
  readonly lanes: number;
  /** When it began, on the clock of `performance.now()`. */
  readonly startedAt: number;
  /** When it was over; `undefined` before. */
  endedAt: number | undefined;
  /** Why it failed: there with the event `error`, and after it. */
  error?: unknown;
}
/** The one fork of the caller's process that a call over a list begins with, as the channel `forkmap:snapshot` has it. */
interface SnapshotTrace {
  readonly call: CallTrace;
  readonly name: string | undefined;
  /** Of the snapshot; 0 until it is there. */
  pid: number;
  readonly timings: SnapshotTimings;
  error?: unknown;
}
/** Milliseconds. What ends in `At` is a point of time on the clock of `performance.now()`, and 0 until it is reached. */
interface SnapshotTimings {
  /** When it was asked for: the fork itself waits for the event loop's next turn. */
  askedAt: number;
  forkedAt: number;
  /** For so long V8 and the caller's thread stood still. */
  forkMs: number;
}
/** What a child does in one go, as the channel `forkmap:chunk` has it. All but the range is known at its end. */
interface ChunkTrace {
  readonly call: CallTrace;
  readonly name: string | undefined;
  /** The items: from `start`, and not `end` itself. */
  readonly start: number;
  readonly end: number;
  /** Of the child; 0 where none was forked. */
  pid: number;
  /** Numbered from 0. */
  lane: number;
  /** Bytes that the child sent. */
  bytes: number;
  readonly timings: ChunkTimings;
  /** The child was ended because the call needed it no more. */
  isAborted: boolean;
  /** What it wrote, with `stdio: 'capture'`. */
  stdout: string | undefined;
  stderr: string | undefined;
  /** How the child died, or why none was forked. Not what the function threw: that is the call's error. */
  error?: unknown;
}
/** Milliseconds. What ends in `At` is a point of time on the clock of `performance.now()`, and 0 if it was not reached. */
interface ChunkTimings {
  /** When a driver was asked for it. */
  askedAt: number;
  /** When the driver had a lane fork; for a child that is kept for several chunks, when it was told of this one. */
  forkedAt: number;
  /** When the child began its first item. */
  beganAt: number;
  /** When the child was gone, or, if it is kept, had sent all. */
  endedAt: number;
  /** When the results were decoded and in place. */
  settledAt: number;
  /** What the fork took; 0 where the child was there already. */
  forkMs: number;
  /** What the function took for all items. */
  workMs: number;
  /** What encoding took, in the child. It happens as results come; this is the sum. */
  encodeMs: number;
  /** What writing took, in the child; the sum. */
  sendMs: number;
  /** What decoding took, on the caller's thread. */
  decodeMs: number;
}
/**
 * The parts of a chunk, as parts of the time from `forkedAt` to `endedAt`, which they never exceed. WHY not the durations
 * themselves: a child may be at work before its parent is back from the fork, and note its end after it was seen.
 */
declare function partsOf(timings: ChunkTimings): Pick<ChunkTimings, 'forkMs' | 'workMs' | 'encodeMs' | 'sendMs'>;
export { isExactlyOr as A, CLASS_OF_EFFECT as B, describeReceived as C, invalidState as D, invalidArgValue as E, isPositiveOrInfinity as F, ForkErrorFields as G, CallableExecutedError as H, isString as I, CodeWithEffect as J, forkError as K, nearestName as L, isFunction as M, isInteger as N, isAbortSignal as O, isOneOf as P, isForkErrorCode as Q, outOfRange as R, checkOptions as S, invalidArgType as T, CallableStatusUnknownError as U, CallableDidNotExecuteError as V, ForkError as W, Effect as X, EFFECT_OF_CODE as Y, ForkErrorCode as Z, checkForkOptions as _, SnapshotTrace as a, checkFn as b, becomeSpawnedChild as c, native as d, CheckedForkOptions as f, ForkOptions as g, FORK_OPTION_CHECKS as h, SnapshotTimings as i, isFiniteNumber as j, isBoolean as k, canFork as l, DEFAULTS as m, ChunkTimings as n, partsOf as o, CustomTypes as p, spawnError as q, ChunkTrace as r, LANE_VARIABLE as s, CallTrace as t, isForkChild as u, Check as v, has as w, checkItems as x, CheckTable as y, unknownOption as z };
