import { throwIfAborted } from './abort.js';
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
 * Runs `fn` in a forked child that has a copy-on-write copy of all that this thread's JavaScript can reach, blocks until
 * it is done, and gives back what it returned. Nothing that `fn` does to memory reaches the caller.
 *
 * @param fn any closure; synchronous: one that returns a promise is `ERR_FORKMAP_ASYNC_IN_SYNC` (use `forkMap`).
 * @param options see `ForkOptions`. A signal is looked at before the fork only: while this blocks, none can fire.
 * @returns a copy of what `fn` returned.
 * @throws what `fn` threw; a `ForkError` for what went wrong around it; `signal.reason` where it had fired;
 *   `TypeError` or `RangeError` for wrong arguments, with nothing forked.
 */
export function forkMapSync<R>(fn: () => R, options?: ForkOptions): R {
  checkFn(fn);
  const checked = checkForkOptions(options);
  throwIfAborted(checked.signal);
  if (!isTraced()) return forkOne(fn, checked) as R;
  const trace = new CallTracer({ verb: 'forkMapSync', name: checked.name, items: 1, lanes: 1 });
  return trace.runSync(() => forkOne(fn, checked, trace)) as R;
}

function forkOne(fn: () => unknown, options: CheckedForkOptions, trace?: CallTracer): unknown {
  const addon = native();
  prepareForChildren(REHEARSED);
  const work = workOf(fn, options, true);
  const oomKills = oomKillCounter();
  const release = holdSignals(options.blockSignals);
  const chunk = trace?.beginChunkSync(THE_ITEM);
  try {
    const outcome = addon.forkSync(planOf(options), makeChildMain(work));
    chunk?.returned(outcome);
    return settleOne(outcome, { work, options, oomKills });
  } finally {
    chunk?.settled();
    release?.();
  }
}
