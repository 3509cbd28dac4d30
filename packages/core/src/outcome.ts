import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import type { Outcome, SysError } from '@forkmap/native';
import { type ForkError, type ForkErrorFields, forkError } from './errors/classes.js';
import type { ForkErrorCode } from './errors/codes.js';
import { missingLibraryThreads } from './missing-threads.js';
import { PROTOCOL } from './protocol.js';

/** What the messages need to know of the call. */
export interface OutcomeContext {
  /** What was run, as the messages call it: `the function`, `item 7`. */
  subject: string;
  timeoutMs?: number | undefined;
  itemTimeoutMs?: number | undefined;
  memoryBytes?: number | undefined;
  /** The option `warm` is set: the snapshot runs code of the caller's. */
  hasWarm?: boolean | undefined;
  /** Processes of this cgroup that the kernel's OOM killer ended since the call began. */
  oomKills?: (() => number) | undefined;
}

/** The error for what a child was working on when it ended. Undefined where it ended as it should. */
export function errorOfOutcome(
  outcome: Outcome,
  context: OutcomeContext,
  fields: ForkErrorFields = {},
): ForkError | undefined {
  const described = describe(outcome, context);
  if (!described) return undefined;
  const [code, what, extra] = described;
  const advice = adviceFor(code, extra?.signal);
  return forkError(code, `${context.subject}: ${what}${aftermath(outcome)}${advice && `. ${advice}`}`, {
    ...(outcome.pid > 0 && { pid: outcome.pid }),
    ...(outcome.stdout !== undefined && { stdout: outcome.stdout }),
    ...(outcome.stderr !== undefined && { stderr: outcome.stderr }),
    ...(outcome.error && { cause: systemError(outcome.error) }),
    ...extra,
    ...fields,
  });
}

type Described = [code: ForkErrorCode, what: string, extra?: ForkErrorFields];

function describe(outcome: Outcome, context: OutcomeContext): Described | undefined {
  if (outcome.lostWorker !== undefined)
    return [
      'ERR_FORKMAP_WORKER_LOST',
      `the worker ${outcome.lostWorker} is gone, and the result did not arrive`,
    ];
  const { ending } = PROTOCOL;
  switch (outcome.ending) {
    case ending.left:
      return describeLeft(outcome, context);
    case ending.notForked:
      return describeNotForked(outcome);
    case ending.snapshotGone:
      return [
        'ERR_FORKMAP_FORK',
        context.hasWarm
          ? 'the snapshot process of this call ended before it could fork: while it ran warm, unless it was killed from outside'
          : 'the snapshot process of this call was killed before it could fork',
      ];
    case ending.timeout:
      return [
        'ERR_FORKMAP_TIMEOUT',
        `not done within timeout (${context.timeoutMs} ms); the child was killed`,
      ];
    case ending.itemTimeout:
      return [
        'ERR_FORKMAP_TIMEOUT',
        `took more than itemTimeout (${context.itemTimeoutMs} ms); the child was killed`,
      ];
    case ending.memoryLimit:
      return [
        'ERR_FORKMAP_MEMORY_LIMIT',
        `took more private memory than memoryLimit (${mib(context.memoryBytes ?? 0)}); the child was killed`,
      ];
    case ending.deadlock:
      return [
        'ERR_FORKMAP_DEADLOCK',
        'the child waited for what can never come: a thread that does not exist in it, a lock that was held when it was forked, or Atomics.wait without a timeout; it was killed',
      ];
    case ending.tooLarge:
      return [
        'ERR_FORKMAP_RESULT_TOO_LARGE',
        'its encoded result is larger than maxResultBytes; the child was killed',
      ];
    case ending.brokenFrame:
      return ['ERR_FORKMAP_READ', 'what the child wrote is not a result; it was killed'];
    case ending.outputClosed:
      return [
        'ERR_FORKMAP_TRUNCATED',
        'the child closed its result pipe before its result was whole; it was killed',
      ];
    case ending.aborted:
      return ['ERR_FORKMAP_KILLED', 'the call was aborted; the child was killed'];
    default:
      return ['ERR_FORKMAP_READ', 'its result could not be read; the child was killed'];
  }
}

function describeLeft(outcome: Outcome, context: OutcomeContext): Described | undefined {
  const { reason } = PROTOCOL;
  if (outcome.isWhole) return undefined;
  if (!outcome.isReaped) return ['ERR_FORKMAP_WAIT', 'the child could not be waited for'];
  switch (outcome.reason) {
    case reason.exit:
      return [
        'ERR_FORKMAP_EXITED',
        `the function called process.exit(${outcome.exitArgument})`,
        { exitCode: outcome.exitArgument },
      ];
    case reason.heap:
      return ['ERR_FORKMAP_HEAP', 'V8 ran out of heap in the child'];
    case reason.unsettled:
      return [
        'ERR_FORKMAP_UNSETTLED',
        "its promise can never settle: nothing is left in the child's event loop",
      ];
    case reason.write:
      return ['ERR_FORKMAP_WRITE', 'the child could not write its result'];
    case reason.mainThrew:
      return [
        'ERR_FORKMAP_TRUNCATED',
        'forkmap itself failed in the child, which cannot be if its packages and its addon are of one version',
      ];
    case reason.stray:
      return undefined;
  }
  if (outcome.signal !== undefined) {
    const signal = signalName(outcome.signal);
    const byOom = signal === 'SIGKILL' && (context.oomKills?.() ?? 0) > 0;
    const who = byOom ? "by the kernel's OOM killer: the memory of this cgroup was used up" : `by ${signal}`;
    return ['ERR_FORKMAP_KILLED', `the child was killed ${who}`, { signal }];
  }
  const exitCode = outcome.exitCode ?? 0;
  if (outcome.hasPartial) {
    return [
      'ERR_FORKMAP_TRUNCATED',
      `the child exited (code ${exitCode}) in the middle of its result`,
      { exitCode },
    ];
  }
  return [
    'ERR_FORKMAP_EXITED',
    `the child exited (code ${exitCode}) before its result was sent`,
    { exitCode },
  ];
}

function describeNotForked(outcome: Outcome): Described {
  const { errno, syscall } = outcome.error ?? { errno: 0, syscall: 'fork' };
  if (syscall === 'quiesce') {
    return [
      'ERR_FORKMAP_QUIESCE',
      "V8's background threads did not come to rest in time; nothing was forked",
    ];
  }
  const inWords = refusalInWords({ errno, syscall });
  if (inWords !== undefined) return [codeOfRefusal(syscall), inWords];
  const why = `${syscall} failed (${errno ? getSystemErrorName(-errno) : 'unknown error'}); nothing was ${syscall === 'spawn' ? 'started' : 'forked'}`;
  return [codeOfRefusal(syscall), why];
}

/** What the addon names in place of a system call: nothing of /proc can be read… */
const NO_PROC = '/proc';
const WITHOUT_PROC = 'forking needs /proc, which is not mounted here; nothing was forked';
/** …or one child after the other was found to hang in a lock. */
const UNHEALTHY = 'health';
const CAUGHT_A_LOCK =
  'fork after fork caught other threads of this process in the middle of a lock, and was given up; nothing was run. Call again, or when those threads are idle';

/** Why nothing was forked, in words: of a failure that is none of a system call. */
export function refusalInWords({ syscall }: SysError): string | undefined {
  if (syscall === NO_PROC) return WITHOUT_PROC;
  return syscall === UNHEALTHY ? CAUGHT_A_LOCK : undefined;
}

/** The code for a system call that failed before there was a child: what it was to make, or the fork itself. */
export function codeOfRefusal(syscall: string): ForkErrorCode {
  if (syscall === 'quiesce') return 'ERR_FORKMAP_QUIESCE';
  if (syscall === 'spawn') return 'ERR_FORKMAP_SPAWN';
  if (syscall === NO_PROC) return 'ERR_FORKMAP_UNSUPPORTED';
  return MAKES_WHAT_A_CHILD_NEEDS.has(syscall) ? 'ERR_FORKMAP_PIPE' : 'ERR_FORKMAP_FORK';
}

const MAKES_WHAT_A_CHILD_NEEDS = new Set(['pipe2', 'socketpair', 'eventfd', 'mmap', 'fcntl']);

/** What to try, for whoever reads the message. */
function adviceFor(code: ForkErrorCode, signal: NodeJS.Signals | undefined): string {
  switch (code) {
    case 'ERR_FORKMAP_KILLED':
      return signal === undefined ? '' : adviceForSignal(signal);
    case 'ERR_FORKMAP_EXITED':
      return 'Throw an error instead of ending the process, where the item alone should fail';
    case 'ERR_FORKMAP_HEAP':
      return 'Raise --max-old-space-size, or use smaller chunks';
    case 'ERR_FORKMAP_MEMORY_LIMIT':
      return 'Raise memoryLimit, use smaller chunks, or keep less between items';
    case 'ERR_FORKMAP_DEADLOCK':
      return adviceForDeadlock();
    default:
      return '';
  }
}

/** WHY no retries: they fork from the same snapshot, in which the lock is held, and the threads are missing, for good. */
function adviceForDeadlock(): string {
  const threads = missingLibraryThreads();
  if (threads === undefined) {
    return 'Where it was a lock that another thread held at the fork, call again: each call forks anew';
  }
  return (
    `This process has threads that no child has: ${threads}. A library that was used here cannot use them in a child: ` +
    "let its first use be in the children (setup), call keep() before its first use, or run a task with engine: 'spawn'"
  );
}

function adviceForSignal(signal: NodeJS.Signals): string {
  switch (signal) {
    case 'SIGSEGV':
    case 'SIGBUS':
    case 'SIGILL':
    case 'SIGFPE':
    case 'SIGTRAP':
      return "The usual cause is a native module: run the item with engine 'inline' under a debugger";
    case 'SIGABRT':
      return "What it said before it aborted is on its standard error: stdio 'capture' keeps it on this error";
    case 'SIGKILL':
      return 'Look for who sent it, the OOM killer among them (kernel log); memoryLimit stops an item before it does';
    default:
      return 'Look for who sent it';
  }
}

/** How long it had run and what it took, for whoever reads the message of a death. */
function aftermath(outcome: Outcome): string {
  if (outcome.pid === 0) return '';
  const parts = [
    `pid ${outcome.pid}`,
    `ran ${Math.max(0, outcome.endedMs - outcome.forkedMs).toFixed(0)} ms`,
  ];
  if (outcome.peakPrivateBytes > 0) parts.push(`private memory ${mib(outcome.peakPrivateBytes)}`);
  else if (outcome.maxRssBytes) parts.push(`peak resident memory ${mib(outcome.maxRssBytes)}`);
  return ` [${parts.join(', ')}]`;
}

function mib(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
}

/** A system error as Node's own look. */
export function systemError({ errno, syscall }: SysError): Error {
  const code = errno ? getSystemErrorName(-errno) : 'UNKNOWN';
  return Object.assign(new Error(`${code}: ${syscall}`), { errno: -errno, code, syscall });
}

function signalName(number: number): NodeJS.Signals {
  const names = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  return names.find(([, value]) => value === number)?.[0] ?? (`SIG${number}` as NodeJS.Signals);
}
