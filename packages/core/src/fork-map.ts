import type { Outcome } from '@forkmap/native';
import { throwIfAborted, whenAborted } from './abort.js';
import { checkFn } from './check.js';
import { makeChildMain } from './child/birth/main.js';
import { prepareForChildren } from './child/birth/prepare.js';
import { holdSignals } from './hold-signals.js';
import { native } from './native.js';
import { oomKillCounter } from './oom.js';
import { type CheckedForkOptions, checkForkOptions, type ForkOptions } from './options.js';
import { planOf, REHEARSED, settleOne, THE_ITEM, workOf } from './settle-one.js';
import { CallTracer, isTraced } from './trace/index.js';

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
export async function forkMap<R>(fn: () => R | PromiseLike<R>, options?: ForkOptions): Promise<R> {
  checkFn(fn);
  const checked = checkForkOptions(options);
  throwIfAborted(checked.signal);
  if (!isTraced()) return forkOne(fn, checked) as R;
  const trace = new CallTracer({ verb: 'forkMap', name: checked.name, items: 1, lanes: 1 });
  return trace.run(() => forkOne(fn, checked, trace)) as R;
}

async function forkOne(fn: () => unknown, options: CheckedForkOptions, trace?: CallTracer): Promise<unknown> {
  const { signal } = options;
  const addon = native();
  prepareForChildren(REHEARSED);
  const work = workOf(fn, options, false);
  const oomKills = oomKillCounter();
  const release = holdSignals(options.blockSignals);
  const chunk = trace?.beginChunk(THE_ITEM);
  try {
    const outcome = await new Promise<Outcome>((resolve) => {
      const cancel = addon.fork(planOf(options), makeChildMain(work), (outcome) => {
        ignore?.();
        resolve(outcome);
      });
      const ignore = signal && whenAborted(signal, cancel);
    });
    chunk?.returned(outcome);
    throwIfAborted(signal);
    return settleOne(outcome, { work, options, oomKills });
  } finally {
    chunk?.settled();
    release?.();
  }
}
