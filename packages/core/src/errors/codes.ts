/** What is known about the caller's function when a call fails: the question behind every retry. */
export type Effect = 'CallableDidNotExecute' | 'CallableExecuted' | 'CallableStatusUnknown';

/**
 * Every code of a `ForkError`, with its effect on the caller's function. This table is the only copy: the classes,
 * `retryable` and the documentation follow from it.
 */
export const EFFECT_OF_CODE = {
  /** This platform cannot fork, or the addon does not load. */
  ERR_FORKMAP_UNSUPPORTED: 'CallableDidNotExecute',
  /** A pipe, socket or shared memory could not be made (EMFILE, ENFILE, ENOMEM). */
  ERR_FORKMAP_PIPE: 'CallableDidNotExecute',
  /** fork failed (EAGAIN, ENOMEM). */
  ERR_FORKMAP_FORK: 'CallableDidNotExecute',
  /** V8's background threads could not be brought to rest in time. */
  ERR_FORKMAP_QUIESCE: 'CallableDidNotExecute',
  /** A process could not be started, or ended before it came to the function: none of that name is there, or no module. */
  ERR_FORKMAP_SPAWN: 'CallableDidNotExecute',
  /** No worker of this release takes the call's chunks. */
  ERR_FORKMAP_NO_WORKER: 'CallableDidNotExecute',
  /** The worker's files are not those of the caller, or it does not offer the task. */
  ERR_FORKMAP_CODE_MISMATCH: 'CallableDidNotExecute',
  /** An item or an argument cannot be sent to a spawned process; the message gives the path in it. */
  ERR_FORKMAP_SERIALIZE_INPUT: 'CallableDidNotExecute',
  /** `halt` was reached before this item began. */
  ERR_FORKMAP_HALTED: 'CallableDidNotExecute',
  /** The journal is of other code, other options or another writer, or is none; the message names what. */
  ERR_FORKMAP_JOURNAL: 'CallableDidNotExecute',
  /** So many calls of a kept function wait already as may. */
  ERR_FORKMAP_QUEUE_FULL: 'CallableDidNotExecute',
  /** The result cannot be sent; the message gives the path in it. */
  ERR_FORKMAP_SERIALIZE: 'CallableExecuted',
  /** The frame was whole, but could not be decoded. */
  ERR_FORKMAP_DESERIALIZE: 'CallableExecuted',
  /** The encoded result is larger than `maxResultBytes`. */
  ERR_FORKMAP_RESULT_TOO_LARGE: 'CallableExecuted',
  /** The child could not write its result, or it could not be written to the journal. */
  ERR_FORKMAP_WRITE: 'CallableExecuted',
  /** A promise came back from a function that had to be synchronous. */
  ERR_FORKMAP_ASYNC_IN_SYNC: 'CallableExecuted',
  /** Reading the result pipe failed. */
  ERR_FORKMAP_READ: 'CallableStatusUnknown',
  /** Waiting for the child failed. */
  ERR_FORKMAP_WAIT: 'CallableStatusUnknown',
  /** The child ended before its result was whole. */
  ERR_FORKMAP_TRUNCATED: 'CallableStatusUnknown',
  /** The function ended the process itself (`exitCode`). */
  ERR_FORKMAP_EXITED: 'CallableStatusUnknown',
  /** A signal ended the child (`signal`). */
  ERR_FORKMAP_KILLED: 'CallableStatusUnknown',
  /** V8 ran out of heap in the child. */
  ERR_FORKMAP_HEAP: 'CallableStatusUnknown',
  /** The child took more than `memoryLimit` and was killed. */
  ERR_FORKMAP_MEMORY_LIMIT: 'CallableStatusUnknown',
  /** Over `timeout` or `itemTimeout`; the child was killed. */
  ERR_FORKMAP_TIMEOUT: 'CallableStatusUnknown',
  /** The child is proved to sleep for ever; it was killed. */
  ERR_FORKMAP_DEADLOCK: 'CallableStatusUnknown',
  /** The function's promise can never settle: nothing is left in the child's event loop. */
  ERR_FORKMAP_UNSETTLED: 'CallableStatusUnknown',
  /** The machine that ran it is gone. */
  ERR_FORKMAP_WORKER_LOST: 'CallableStatusUnknown',
} as const satisfies Record<string, Effect>;

/** A stable code that callers may branch on. */
export type ForkErrorCode = keyof typeof EFFECT_OF_CODE;

/** Those codes whose effect is `E`. */
export type CodeWithEffect<E extends Effect> = {
  [C in ForkErrorCode]: (typeof EFFECT_OF_CODE)[C] extends E ? C : never;
}[ForkErrorCode];

/** True for a string that is a code of the table. */
export function isForkErrorCode(code: unknown): code is ForkErrorCode {
  return typeof code === 'string' && Object.hasOwn(EFFECT_OF_CODE, code);
}
