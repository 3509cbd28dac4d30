import { AsyncResource } from 'node:async_hooks';
import type { ChildMain } from '@forkmap/native';
import { warmUp } from '../codec/index.js';
import { native } from '../native.js';
import { SpillWriter } from '../spill.js';
import { findAgents, resetAgentsInChild } from './agents.js';
import { ChunkRun } from './chunk-run.js';
import { GatherSender } from './gather-sender.js';
import { takeIdentityInChild } from './identity.js';
import { watchLoopInChild } from './loop.js';
import { disarmOriginInChild, rememberOriginInChild } from './origin-timers.js';
import { ownOutputInChild } from './output.js';
import { findRandomCaches, refreshRandomInChild } from './random.js';
import { rehearsalContext, rehearsalWork } from './rehearsal.js';
import { seedPerItem } from './seed.js';
import { type ItemSender, Sender } from './sender.js';
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
  let run: ChunkRun | undefined;
  const sender = work.gathering ? new GatherSender(context, work, work.gathering) : new Sender(context, work);
  takeIdentityInChild(context, work, sender);
  refreshRandomInChild(context);
  ownOutputInChild(context);
  if (!work.mustBeSync) watchLoopInChild(context, { getRun: () => run, sender, start });
  const invoke = work.seed === undefined ? work.invoke : seedPerItem(work.seed, work.invoke, work.firstIndex);
  const seeded = { ...work, invoke };

  const leave = () => context.child.leave(context.protocol.reason.finished, 0);
  const runChunk = (from: number, to: number, onEnd: () => void) => {
    sender.begin(from);
    run = new ChunkRun({ context, work: seeded, sender, start: from, end: to, onEnd });
    run.pump();
  };
  const begin = () => runChunks(context, [start, end], runChunk, leave);
  if (work.setup) setUp(work.setup, { begin, sender, start, leave });
  else begin();
}

/** Runs chunk after chunk; a loop, because thousands may end on the same stack. */
function runChunks(
  { child }: ChildContext,
  first: [start: number, end: number],
  runChunk: (start: number, end: number, onEnd: () => void) => void,
  leave: () => void,
): void {
  for (let next: typeof first | undefined = first; next; next = child.nextChunk()) {
    let hasEnded = false;
    let isLeftToEnd = false;
    runChunk(...next, () => {
      hasEnded = true;
      if (!isLeftToEnd) return;
      const following = child.nextChunk();
      if (following) runChunks({ child } as ChildContext, following, runChunk, leave);
      else leave();
    });
    isLeftToEnd = !hasEnded;
    if (isLeftToEnd) return;
  }
  leave();
}

/** Runs `setup`, then goes on. What it throws fails the chunk's first item, and with it the call. */
function setUp(
  setup: () => unknown,
  then: { begin: () => void; sender: ItemSender; start: number; leave: () => void },
): void {
  const fail = (error: unknown) => {
    then.sender.thrown(then.start, error);
    then.sender.end(then.start);
    then.leave();
  };
  let value: unknown;
  try {
    value = setup();
  } catch (error) {
    fail(error);
    return;
  }
  if (value instanceof Promise) value.then(then.begin, fail);
  else then.begin();
}
