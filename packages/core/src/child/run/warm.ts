import type { FailedPayload } from '../send/sender.js';
import { isThenable } from './thenable.js';

/** What `warm` came to where it failed: what it threw, or why that is no way to warm anything. */
export type WarmFailure = { error: unknown } | { payload: FailedPayload };

/** Runs the option `warm`. Undefined where it went well. Never throws. */
export function runWarm(warm: () => unknown): WarmFailure | undefined {
  try {
    const value = warm();
    if (!isThenable(value)) return undefined;
    // WHY: what becomes of it is nobody's concern any more.
    Promise.resolve(value).then(nothing, nothing);
    return { payload: RETURNED_A_PROMISE };
  } catch (error) {
    return { error };
  }
}

const nothing = () => undefined;

const RETURNED_A_PROMISE: FailedPayload = Object.freeze({
  code: 'ERR_FORKMAP_ASYNC_IN_SYNC',
  message:
    'warm returned a promise, but has to be done when it returns: nothing of the call was begun. Await what it waits for ' +
    'before the call',
});
