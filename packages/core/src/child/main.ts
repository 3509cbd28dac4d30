import { AsyncResource } from 'node:async_hooks';
import type { ChildMain } from '@forkmap/native';
import { warmUp } from '../codec/index.js';
import { native } from '../native.js';
import { SpillWriter } from '../spill.js';
import { findAgents, resetAgentsInChild } from './agents.js';
import { takeIdentityInChild } from './identity.js';
import { disarmOriginInChild, rememberOriginInChild } from './origin-timers.js';
import { ownOutputInChild } from './output.js';
import { findRandomCaches, refreshRandomInChild } from './random.js';
import { rehearsalContext, rehearsalWork } from './rehearsal.js';
import { runWork, senderFor } from './run-work.js';
import type { ChildContext, ChildWork } from './work.js';
import { unrefOriginWorkersInChild } from './workers.js';

/**
 * In the origin, before each fork: runs what a child will run, with nothing at the other end.
 * WHY: a child is as warm as the origin was. Functions that were never called are compiled again in every child, and
 * V8 drops the code of those not called for a while. Not before every fork, where one follows the other: V8 does not
 * forget so soon, and the pages that a rehearsal writes were shared with the child before, and have to be copied.
 * @param children how many are expected to be forked
 */
export function prepareForChildren(children = 1): void {
  const now = performance.now();
  if (children < REHEARSED_CHILDREN && now - rehearsedMs < REHEARSED_FOR_MS) return;
  rehearsedMs = now;
  findRandomCaches();
  warmUp();
  // WHY so many once: many children share what V8 makes of code that ran often; a single one is not worth the wait.
  const isWorthIt = children >= REHEARSED_CHILDREN && !hasRehearsed;
  if (isWorthIt) hasRehearsed = true;
  const items = isWorthIt ? REHEARSED_ITEMS : 2;
  for (const mustBeSync of [true, false])
    live(rehearsalContext(), rehearsalWork(mustBeSync, items), 0, items);
}

const REHEARSED_FOR_MS = 100;
let rehearsedMs = Number.NEGATIVE_INFINITY;
const REHEARSED_CHILDREN = 8;
const REHEARSED_ITEMS = 4000;
let hasRehearsed = false;

/**
 * The function that the addon calls in each forked child: makes it a process of its own, runs its chunks, leaves.
 * It never returns to the origin's code: whatever goes wrong becomes a frame or a reason.
 */
export function makeChildMain(work: ChildWork): ChildMain {
  const { child, protocol } = native();
  // WHY: in the child the function runs on a bare event loop; with this it sees the caller's AsyncLocalStorage stores.
  const scope = new AsyncResource('FORKMAP');
  const agents = findAgents();
  return (start, end, slotBuffer, inherited, spill) => {
    const slot = new Int32Array(slotBuffer);
    const context: ChildContext = {
      host: process,
      child,
      protocol,
      slot,
      slotTimes: new Float64Array(slotBuffer),
      inherited,
      ...(spill && {
        spill: new SpillWriter(spill, { slot, spilledAt: protocol.slot.spilled, codec: work.codec }),
      }),
    };
    // WHY not in live(): these act on the process itself, and must never be rehearsed in the origin.
    if (process.hasUncaughtExceptionCaptureCallback()) process.setUncaughtExceptionCaptureCallback(null);
    if (!work.mustBeSync) {
      unrefOriginWorkersInChild(rememberOriginInChild(context));
      resetAgentsInChild(agents);
    }
    scope.runInAsyncScope(live, undefined, context, work, start, end);
    // Still here: promises are pending, and the event loop goes on.
    disarmOriginInChild(context);
  };
}

function live(context: ChildContext, work: ChildWork, start: number, end: number): void {
  const sender = senderFor(context, work);
  takeIdentityInChild(context, work, sender);
  refreshRandomInChild(context);
  ownOutputInChild(context);
  runWork({ context, work, sender }, start, end);
}
