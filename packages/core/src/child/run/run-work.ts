import { GatherSender } from '../send/gather-sender.js';
import { type ItemSender, Sender } from '../send/sender.js';
import type { ChildContext, ChildWork } from '../work.js';
import { ChunkRun } from './chunk-run.js';
import { Leaving } from './leaving.js';
import { isThenable } from './thenable.js';
import type { WarmFailure } from './warm.js';

/** What a child is at, for those who end it before it is done. */
export interface AtWork {
  sender?: Pick<ItemSender, 'flush' | 'thrown'>;
  /** None before its first item: then `setup` is at work. */
  run?: { failAllInFlight(error: unknown): void };
  /** After its last item. */
  leaving?: Leaving;
  /** Where its first chunk starts. */
  start: number;
}

interface Parts {
  context: ChildContext;
  work: ChildWork;
  sender: ItemSender;
  atWork: AtWork;
}

export function senderFor(context: ChildContext, work: ChildWork): ItemSender {
  return work.gathering ? new GatherSender(context, work, work.gathering) : new Sender(context, work);
}

/** What a child is for, once it is a process of its own: runs the chunk [start, end), and those that follow it. */
export function runWork(parts: Parts, start: number, end: number): void {
  const { context, work, sender, atWork } = parts;
  atWork.sender = sender;
  atWork.start = start;
  const leave = () => context.child.leave(context.protocol.reason.finished, 0);
  const lastThings = lastThingsOf(parts);
  // WHY only a kept child's at the very end: another knows its last item before it says that its chunk has ended, and
  // until then its driver watches it, and hears it.
  const isKept = context.child.isKept();
  const beforeEnd = isKept ? undefined : lastThings;
  const runChunk = (from: number, to: number, onEnd: () => void) => {
    sender.begin(from);
    const run = new ChunkRun({ context, work, sender, start: from, end: to, onEnd, beforeEnd });
    atWork.run = run;
    run.pump();
  };
  const leaveKept = lastThings && (() => lastThings(leave));
  const begin = () => runChunks(context, [start, end], runChunk, (isKept && leaveKept) || leave);
  if (work.setup) setUp(work.setup, { begin, sender, start, leave });
  else begin();
}

/** What is to be done after the last item. Nothing where the event loop never turns. */
function lastThingsOf({ context, work, sender, atWork }: Parts): ((then: () => void) => void) | undefined {
  if (work.mustBeSync) return undefined;
  const leaving = new Leaving(context, work.teardown);
  return (then) => {
    atWork.leaving = leaving;
    leaving.begin(then, sender.hasFailed && !work.goesOnAfterFailure);
  };
}

/** In the place of `runWork`, where `warm` has failed: says so, and leaves. */
export function leaveCold({ context, sender }: Parts, start: number, failure: WarmFailure): void {
  const { child, protocol } = context;
  sender.begin(start);
  if ('error' in failure) sender.thrown(start, failure.error);
  else sender.failed(start, failure.payload);
  // WHY without an END: a driver that keeps its child would take that for the chunk's end, and not wait for the reason.
  child.leave(protocol.reason.warm, 0);
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
  try {
    const value = setup();
    if (isThenable(value)) {
      // WHY not its own: what a library takes for a promise may settle whenever it likes.
      Promise.resolve(value).then(then.begin, fail);
      return;
    }
  } catch (error) {
    fail(error);
    return;
  }
  then.begin();
}
