import { native } from '../../native.js';
import type { ChildWork, HostProcess, Surroundings } from '../work.js';
import type { BoardMemory } from './life.js';
import type { OriginParts } from './main.js';

const nothing = () => undefined;

/** What a child takes from nobody. */
export function rehearsalParts(): OriginParts {
  const listen = nothing as never;
  return {
    agents: { dispatchers: [], agents: [] },
    workers: { ref: nothing, on: listen, addListener: listen, prependListener: listen },
  };
}

/** A process that takes whatever a child does to it. */
function standInProcess(): HostProcess {
  const host = {
    eventNames() {
      process.eventNames(); // WHY none of them is given: what follows would end the process's own listening.
      return ['exit'];
    },
    _events: { exit: nothing },
    _eventsCount: 1,
    removeAllListeners: nothing,
    on: nothing,
    exit: nothing,
    abort: nothing,
    kill: nothing,
    stdout: {},
    stderr: {},
    hasUncaughtExceptionCaptureCallback: () => process.hasUncaughtExceptionCaptureCallback(),
    setUncaughtExceptionCaptureCallback: nothing,
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
  return {
    host: standInProcess(),
    child: {
      ...child,
      writeFrame: nothing,
      leave: nothing as never,
      nextChunk: nothing,
      reseedRandom: () => true,
      fillRandom: nothing,
      unhookPromises: nothing,
      writeOutput: () => true,
      silenceSignals: nothing,
      setTitle: nothing,
      isKept: () => false,
      pendingWork: () => 0,
    },
    protocol,
    inherited: 0,
  };
}

/** A function of no consequence: results of every kind for the first thousand items, then numbers. */
export function rehearsedItem(index = 0): unknown {
  return index % 4 > 0 || index > 1000 ? index : { index, text: 'text' };
}

/** So many items of it. */
export function rehearsalWork(mustBeSync: boolean, invoke: ChildWork['invoke'], items: number): ChildWork {
  return {
    invoke,
    sheet: new Float64Array(items),
    codec: { codec: 'auto' },
    maxResultBytes: Number.MAX_SAFE_INTEGER,
    concurrency: 1,
    goesOnAfterFailure: false,
    mustBeSync,
    originPid: process.pid,
  };
}
