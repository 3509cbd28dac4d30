import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { invalidArgType } from '../check.js';
import { encodeResults, UnsendableError } from '../codec/index.js';
import { forkError } from '../errors/classes.js';
import { oomKillCounter } from '../oom.js';
import { checkForkOptions, DEFAULTS } from '../options.js';
import { settleOne, workOf } from '../settle-one.js';
import { childProcesses } from '../spawned/child-processes.js';
import { ChunkFrames } from '../spawned/chunk-frames.js';
import { checkMaySpawn } from '../spawned/may-spawn.js';
import { monotonicMs, outcomeOf, type ProcessEnd } from '../spawned/outcome.js';
import { makeMessage } from '../spawned/pipes.js';
import { programArguments } from '../spawned/program.js';
import { checkSpawnable, FUNCTION_FDS, FUNCTION_VARIABLE } from './registry.js';
import { checkSpawnOptions, type SpawnFunctionOptions, stdioOf } from './spawn-options.js';

/** A process that runs a registered function. */
export interface SpawnedFunction<R = unknown> {
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
export function spawnFunction<R = unknown>(
  name: string,
  args: readonly unknown[] = [],
  options?: SpawnFunctionOptions,
): SpawnedFunction<R> {
  checkSpawnable(name);
  checkMaySpawn();
  if (!Array.isArray(args)) throw invalidArgType('args', 'an array', args);
  const checked = checkSpawnOptions(options);
  const payload = encodeArguments(name, args);
  const child = start(name, checked);
  const done = settle(name, child) as Promise<R>;
  done.catch(nothing); // WHY: whoever never waits does not want to hear of it.
  const channel = child.stdio[FUNCTION_FDS.args] as Writable | undefined;
  channel?.on('error', nothing); // WHY: it is gone; `wait` says so.
  channel?.end(makeMessage(payload));
  const { pid, stdin, stdout, stderr } = child;
  return { pid, stdin, stdout, stderr, kill: (signal) => child.kill(signal), wait: () => done };
}

function encodeArguments(name: string, args: readonly unknown[]): Uint8Array {
  try {
    return encodeResults([[...args]], { codec: DEFAULTS.codec });
  } catch (cause) {
    if (!(cause instanceof UnsendableError)) throw cause;
    const message = `${name}: argument ${cause.path} cannot be sent: ${cause.what}`;
    throw forkError('ERR_FORKMAP_SERIALIZE_INPUT', message, { cause });
  }
}

function start(name: string, options: SpawnFunctionOptions): ChildProcess {
  const { argv0, args, cwd, env, uid, gid, detached } = options;
  return childProcesses().spawn(process.execPath, programArguments(args), {
    ...(argv0 !== undefined && { argv0 }),
    ...(cwd !== undefined && { cwd }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    ...(detached !== undefined && { detached }),
    env: { ...(env ?? process.env), [FUNCTION_VARIABLE]: name },
    stdio: [...stdioOf(options), 'pipe', 'pipe'],
  });
}

async function settle(name: string, child: ChildProcess): Promise<unknown> {
  const forkedMs = monotonicMs();
  const oomKills = oomKillCounter();
  let hasBegun = false;
  const limits = { start: 0, end: 1, maxPayloadBytes: DEFAULTS.maxResultBytes };
  const frames = new ChunkFrames(limits, () => {
    hasBegun = true;
    return true;
  });
  const result = child.stdio[FUNCTION_FDS.result] as Readable | undefined;
  result?.on('data', (bytes: Uint8Array) => frames.push(bytes));
  const ended = await endOf(child, result);
  const pid = child.pid as number;
  if (!hasBegun && !frames.isWhole) throw notBegun(name, ended, pid);
  const options = checkForkOptions({ name });
  const outcome = outcomeOf({ pid, frames, ended, forkedMs });
  return settleOne(outcome, { work: workOf(nothing, options, false), options, oomKills });
}

/** WHY not `close`: that waits for whoever else holds its standard output. */
async function endOf(child: ChildProcess, result: Readable | undefined): Promise<ProcessEnd> {
  const closed = new Promise((resolve) => result?.on('close', resolve) ?? resolve(undefined));
  const ended = await new Promise<ProcessEnd>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }));
    child.on('error', (error) => child.pid === undefined && resolve({ code: null, signal: null, error }));
  });
  if (!ended.error) await closed;
  return ended;
}

function notBegun(name: string, { code, signal, error }: ProcessEnd, pid: number): Error {
  if (error) {
    const message = `${name}: its process could not be started: ${error.message}`;
    return forkError('ERR_FORKMAP_SPAWN', message, { cause: error });
  }
  const how = signal ? `was ended by ${signal}` : `exited (code ${code})`;
  const message = `${name}: its process ${how} before it came to init(), where the function would have begun`;
  return forkError('ERR_FORKMAP_SPAWN', message, {
    pid,
    ...(code !== null && { exitCode: code }),
    ...(signal && { signal }),
  });
}

const nothing = () => undefined;
