import type { ChildBinding } from '@forkmap/native';
import { leaveAtExit } from '../child/own/identity.js';
import { watchLoopInChild } from '../child/own/loop.js';
import { seeded } from '../child/own/seed.js';
import { type AtWork, leaveCold, runWork, senderFor } from '../child/run/run-work.js';
import { runWarm } from '../child/run/warm.js';
import type { ItemSender } from '../child/send/sender.js';
import type { ChildContext, ChildWork } from '../child/work.js';
import { PROTOCOL } from '../protocol.js';
import { BoardNotes } from './board-notes.js';
import { makeFrame } from './frame-splitter.js';
import { writeWhole } from './pipes.js';

/** The descriptors of a spawned process that runs chunks. */
export const LANE_FDS = Object.freeze({
  /** It writes frames here… */
  frames: 3,
  /** …reads what it is to do here… */
  requests: 4,
  /** …and ends when this ends, whatever it is at: the origin is gone. */
  life: 5,
});

/** A chunk that is asked for. */
export interface LaneRequest {
  start: number;
  end: number;
  /** Why its items cannot be run, where they cannot. */
  failure?: string | undefined;
}

interface LaneParts {
  work: ChildWork;
  /** Waits for what is asked for next; undefined where nothing is, any more. */
  next: () => LaneRequest | undefined;
}

/** Signals of the terminal: they go to all of its processes, and it is for the origin to say what they mean. */
const TERMINAL_SIGNALS = ['SIGINT', 'SIGQUIT', 'SIGHUP'] as const;

/** Runs a lane's chunks in this process, which was spawned for it, and ends it. */
export function runLane({ work, next }: LaneParts): void {
  process.title = `forkmap ${work.name ?? 'child'} of ${work.originPid}`;
  for (const signal of TERMINAL_SIGNALS) process.on(signal, () => undefined);
  const exit = (process as unknown as { reallyExit(code: number): never }).reallyExit.bind(process);
  const write = (frame: Uint8Array) => {
    try {
      writeWhole(LANE_FDS.frames, frame);
    } catch {
      exit(1); // WHY: nobody is left to tell.
    }
  };
  const board = new BoardNotes(work.codec, write);
  const tell = (index: number) => {
    board.tellBegun();
    return work.invoke(index);
  };
  const told: ChildWork = { ...work, invoke: seeded(work, tell) };
  const lane = new Lane(board, write, exit);
  const context = lane.contextFor(work);
  const sender = senderFor(context, told);
  const atWork: AtWork = { sender, start: 0 };
  leaveAtExit(context, atWork);
  watchLoopInChild(context, atWork);
  lane.takeFrom(next, sender);
  const first = lane.nextChunk();
  if (first) begin({ context, work: told, sender, atWork }, lane, first);
  else exit(0);
}

/** As the addon's: whether anything but timers, and the pipe to the origin's life, keeps the event loop alive. */
function pendingWork(): number {
  const names = process.getActiveResourcesInfo();
  return names.some((name) => IS_REQUEST.test(name)) ? 1 : 2;
}

/** SOURCE: Node 20 to 26, src/async_wrap.h: what getActiveResourcesInfo calls requests, and immediates. */
const IS_REQUEST = /Req|^(Write|Shutdown|[A-Z]*Connect)Wrap$|^Immediate$/i;

function writeOutput(fd: number, bytes: Uint8Array): boolean {
  try {
    writeWhole(fd, bytes);
    return true;
  } catch {
    return false; // WHY: as the addon says it, to whoever asks.
  }
}

function begin(parts: Parameters<typeof runWork>[0], lane: Lane, [start, end]: [number, number]): void {
  const { warm } = parts.work;
  const failure = warm && runWarm(warm);
  if (!failure) {
    runWork(parts, start, end);
    return;
  }
  lane.endReason = PROTOCOL.reason.warm;
  leaveCold(parts, start, failure);
}

/** What the addon is for a forked child. */
class Lane {
  readonly #board: BoardNotes;
  readonly #write: (frame: Uint8Array) => void;
  readonly #exit: (code: number) => never;
  #next: () => LaneRequest | undefined = () => undefined;
  #sender: ItemSender | undefined;
  /** Why it leaves at the end of this chunk, where it does. */
  endReason = PROTOCOL.reason.none;

  constructor(board: BoardNotes, write: (frame: Uint8Array) => void, exit: (code: number) => never) {
    this.#board = board;
    this.#write = write;
    this.#exit = exit;
  }

  takeFrom(next: () => LaneRequest | undefined, sender: ItemSender): void {
    this.#next = next;
    this.#sender = sender;
  }

  contextFor(work: ChildWork): ChildContext {
    const child: Partial<ChildBinding> = {
      writeFrame: (kind, first, count, payload) => {
        if (kind === PROTOCOL.frame.end) this.#noteEnd();
        this.#write(makeFrame({ kind, first, count }, payload));
      },
      leave: (reason, exitCode) => {
        this.#board.leave(reason, exitCode);
        return this.#exit(exitCode);
      },
      nextChunk: () => this.nextChunk(),
      isKept: () => true,
      pendingWork,
      writeOutput,
    };
    return {
      host: process,
      child: child as ChildBinding,
      protocol: PROTOCOL,
      slot: this.#board.slot,
      slotTimes: this.#board.slotTimes,
      inherited: 0,
      ...(!work.gathering && { spill: this.#board.spill }),
    };
  }

  nextChunk(): [start: number, end: number] | undefined {
    for (;;) {
      const request = this.#next();
      if (!request) return undefined;
      this.#board.begin(request.start);
      if (request.failure === undefined) return [request.start, request.end];
      this.#failAll(request.start, request.end, request.failure);
    }
  }

  #failAll(start: number, end: number, message: string): void {
    for (let index = start; index < end; index++) {
      this.#sender?.failed(index, { code: 'ERR_FORKMAP_SPAWN', message });
    }
    this.#write(makeFrame({ kind: PROTOCOL.frame.end, first: start, count: 0 }));
  }

  /** WHY before the end and not after it: then the chunk is over, and nothing more is read of it. */
  #noteEnd(): void {
    this.#board.slot[PROTOCOL.slot.spilled] = 0;
    if (this.endReason === PROTOCOL.reason.none) this.#board.tell();
    else this.#board.leave(this.endReason, 0);
  }
}
