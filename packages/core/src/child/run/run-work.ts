import { GatherSender } from '../send/gather-sender.js';
import { type ItemSender, Sender } from '../send/sender.js';
import type { ChildContext, ChildWork } from '../work.js';
import { ChunkRun } from './chunk-run.js';

/** What a child is at, for those who end it before it is done. */
export interface AtWork {
  sender?: ItemSender;
  /** None before its first item: then `setup` is at work. */
  run?: ChunkRun;
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
export function runWork({ context, work, sender, atWork }: Parts, start: number, end: number): void {
  atWork.sender = sender;
  atWork.start = start;
  const leave = () => context.child.leave(context.protocol.reason.finished, 0);
  const runChunk = (from: number, to: number, onEnd: () => void) => {
    sender.begin(from);
    const run = new ChunkRun({ context, work, sender, start: from, end: to, onEnd });
    atWork.run = run;
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
