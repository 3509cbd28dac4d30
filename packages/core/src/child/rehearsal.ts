import { native } from '../native.js';
import type { BoardMemory } from './life.js';
import type { ChildWork, HostProcess, Surroundings } from './work.js';

/** A process that takes whatever a child does to it. */
function standInProcess(): HostProcess {
  const nothing = () => undefined;
  const host = {
    eventNames: () => ['exit'],
    _events: { exit: nothing },
    _eventsCount: 1,
    removeAllListeners: nothing,
    on: nothing,
    exit: nothing,
    abort: nothing,
    kill: nothing,
    stdout: {},
    stderr: {},
  };
  return host as unknown as HostProcess;
}

let memory: ArrayBuffer | undefined;

/** A board that nobody reads: one slot, and its spill. */
export function rehearsalBoard(): BoardMemory {
  const { slot, spill } = native().protocol;
  memory ??= new ArrayBuffer(slot.bytesPerSlot + spill.text + spill.textBytes);
  return { memory, lanes: 1 };
}

/** The surroundings of a child that does not exist: frames go nowhere, leaving does nothing. */
export function rehearsalSurroundings(): Surroundings {
  const { protocol, child } = native();
  const nothing = () => undefined;
  return {
    host: standInProcess(),
    child: {
      ...child,
      writeFrame: nothing,
      leave: nothing as never,
      nextChunk: nothing,
      reseedRandom: () => true,
      fillRandom: nothing,
      setTitle: nothing,
    },
    protocol,
    inherited: 0,
  };
}

/** So many items of no consequence: results of every kind, then numbers. */
export function rehearsalWork(mustBeSync: boolean, items: number): ChildWork {
  return {
    invoke: (index) => (index % 4 > 0 || index > items / 2 ? index : { index, text: 'text' }),
    sheet: new Float64Array(items),
    codec: { codec: 'auto' },
    maxResultBytes: Number.MAX_SAFE_INTEGER,
    concurrency: 1,
    goesOnAfterFailure: false,
    mustBeSync,
    originPid: process.pid,
  };
}
