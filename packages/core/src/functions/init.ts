import { isThenable } from '../child/run/thenable.js';
import { Sender } from '../child/send/sender.js';
import type { ChildContext, ChildWork } from '../child/work.js';
import { decodeResults } from '../codec/index.js';
import { DEFAULTS } from '../options.js';
import { PROTOCOL } from '../protocol.js';
import { makeFrame, NOTE } from '../spawned/frame-splitter.js';
import { readMessage, writeWhole } from '../spawned/pipes.js';
import { askedFunction, FUNCTION_FDS, functionOf, initialize } from './registry.js';

/**
 * To be called once, when every function is registered, early in the program. In a process that was started by
 * `spawnFunction` it runs the function, sends what it gives and ends the process: nothing after it is run. Everywhere
 * else it does nothing but allow `spawnFunction`.
 *
 * WHY it may throw there: a function that is asynchronous needs the event loop, and so the stack has to go. What is
 * thrown is taken by nobody but `catch`: do not call it within a `try`.
 */
export function init(): void {
  if (initialize() && askedFunction !== undefined) runInChild(askedFunction);
}

function runInChild(name: string): never {
  const sender = new Sender(contextOfChild(), WORK);
  const end = (code: number): never => {
    sender.end(0);
    process.exit(code);
  };
  const fail = (error: unknown): never => {
    sender.thrown(0, error);
    return end(1);
  };
  const fn = functionOrEnd(name, sender, end);
  writeWhole(FUNCTION_FDS.result, makeFrame({ kind: NOTE, first: 0, count: 0 }));
  let value: unknown;
  try {
    value = fn();
  } catch (error) {
    return fail(error);
  }
  const succeed = (result: unknown): never => {
    sender.result(0, result);
    return end(0);
  };
  if (!isThenable(value)) return succeed(value);
  value.then(succeed, fail);
  return leaveStack({ sender, end, fail });
}

function functionOrEnd(name: string, sender: Sender, end: (code: number) => never): () => unknown {
  try {
    const fn = functionOf(name) as (...args: unknown[]) => unknown;
    const args = takeArguments();
    return () => fn(...args);
  } catch (error) {
    sender.failed(0, {
      code: 'ERR_FORKMAP_SPAWN',
      message: `the process that was started for it cannot run it: ${(error as Error).message}`,
    });
    return end(1);
  }
}

function takeArguments(): unknown[] {
  const payload = readMessage(FUNCTION_FDS.args);
  if (!payload) throw new Error('its arguments did not arrive');
  return decodeResults(payload, 1, WORK.codec)[0] as unknown[];
}

/** The stack is thrown away, and the event loop goes on until the function's promise settles. */
function leaveStack(of: {
  sender: Sender;
  end: (code: number) => never;
  fail: (error: unknown) => never;
}): never {
  const stackEnd = new Error('init() does not return in a process that was started for a function');
  process.setUncaughtExceptionCaptureCallback(null);
  process.setUncaughtExceptionCaptureCallback((error) => {
    // WHY the others fail the function: they come from what it has left to run by itself.
    if ((error as unknown) !== stackEnd) of.fail(error);
  });
  process.on('beforeExit', () => {
    of.sender.failed(0, {
      code: 'ERR_FORKMAP_UNSETTLED',
      message: "its promise can never settle: nothing is left in the process's event loop",
    });
    of.end(1);
  });
  throw stackEnd;
}

const WORK: ChildWork = {
  invoke: () => undefined,
  codec: { codec: DEFAULTS.codec },
  maxResultBytes: DEFAULTS.maxResultBytes,
  concurrency: 1,
  goesOnAfterFailure: false,
  mustBeSync: false,
  originPid: 0,
};

/** As much of a child's surroundings as its sender needs. */
function contextOfChild(): ChildContext {
  const slot = new ArrayBuffer(PROTOCOL.slot.bytesPerSlot);
  return {
    protocol: PROTOCOL,
    slot: new Int32Array(slot),
    slotTimes: new Float64Array(slot),
    child: {
      writeFrame: (kind: number, first: number, count: number, payload?: Uint8Array) =>
        writeWhole(FUNCTION_FDS.result, makeFrame({ kind, first, count }, payload)),
    },
  } as ChildContext;
}
