import { AsyncResource, createHook, executionAsyncResource } from 'node:async_hooks';
import type { Surroundings } from '../work.js';

// SOURCE: Node 20 to 26, lib/internal/timers.js: what a timer or an immediate keeps.
interface Timer {
  _onTimeout?: unknown;
  _onImmediate?: unknown;
  _repeat?: unknown;
  /** When it was last started, on the event loop's clock. */
  _idleStart: number;
  _destroyed: boolean;
  hasRef(): boolean;
}

const nothing = () => undefined;

let lastOriginId = 0;
let bornAt = 0;
/** Timers that the child has made itself. Undefined where there are none of the origin's. */
let ownTimers: Set<Timer> | undefined;

/**
 * At birth, before the caller's function makes timers of its own: which are the origin's.
 * @returns the async id from which on all is the child's
 */
export function rememberOriginInChild(context: Surroundings): number {
  lastOriginId = new AsyncResource('FORKMAPBIRTH').asyncId();
  const { timers } = context.protocol.inherited;
  if (context.inherited & timers) bornAt = now();
  // WHY not in a rehearsal: the hook would be the origin's.
  if (context.inherited & timers && context.host === process) watchOwnTimers(context);
  return lastOriginId;
}

function watchOwnTimers(context: Surroundings): void {
  const own = new Set<Timer>();
  ownTimers = own;
  hook(context, {
    init(_id, type, _trigger, resource) {
      if (type === 'Timeout') own.add(resource as Timer);
    },
  });
}

/**
 * Before the event loop turns: the origin's timers and immediates are in the child's loop too, but never run their
 * callbacks there. WHY a hook: Node has no list of timers to clear. It is only set where there are any, and costs the
 * origin nothing.
 */
export function disarmOriginInChild(context: Surroundings): void {
  const { timers, immediates } = context.protocol.inherited;
  if ((context.inherited & (timers | immediates)) === 0) return;
  let disarmed: { timer: Timer; callback: unknown } | undefined;
  hook(context, {
    before(id) {
      if (id >= lastOriginId) return;
      const timer = executionAsyncResource() as Timer;
      if ('_onImmediate' in timer) timer._onImmediate = nothing;
      // WHY the time: a timer of the origin that the child has started again (`refresh`) is the child's.
      if (!('_onTimeout' in timer) || timer._idleStart > bornAt) return;
      disarmed = { timer, callback: timer._onTimeout };
      timer._onTimeout = nothing;
      timer._repeat = null;
    },
    after() {
      if (disarmed) disarmed.timer._onTimeout = disarmed.callback;
      disarmed = undefined;
    },
  });
}

/** WHY promises are unhooked again: these hooks are about timers only, and would slow every await of the child. */
function hook({ child }: Surroundings, callbacks: Parameters<typeof createHook>[0]): void {
  const hadPromiseHooks = Object.getOwnPropertySymbols(Promise.resolve()).length > 0;
  createHook(callbacks).enable();
  if (!hadPromiseHooks) child.unhookPromises();
}

/** On the clock of `_idleStart`. */
function now(): number {
  const probe = setTimeout(nothing, 1);
  clearTimeout(probe);
  return (probe as unknown as Timer)._idleStart;
}

/** Whether timers of the origin turn the child's event loop. */
export function hasOriginTimers(): boolean {
  return ownTimers !== undefined;
}

/** A timer of ours is none that the caller's function waits for. */
export function disown(timer: object): void {
  ownTimers?.delete(timer as Timer);
}

/** Whether there is a timer of the child's own. */
export function hasOwnTimers(): boolean {
  for (const timer of ownTimers ?? []) {
    if (!timer._destroyed) return true;
    ownTimers?.delete(timer);
  }
  return false;
}

/** Whether a timer of the child's own keeps its event loop alive. */
export function isKeptAliveByOwnTimers(): boolean {
  for (const timer of ownTimers ?? []) {
    if (timer._destroyed) ownTimers?.delete(timer);
    else if (timer.hasRef()) return true;
  }
  return false;
}
