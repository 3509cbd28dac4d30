import { native } from '../native.js';
import { SpillWriter } from '../spill.js';
import type { ChildContext, ChildWork, HostProcess } from './work.js';

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

let rehearsalSpill: ArrayBuffer | undefined;

/** The surroundings of a child that does not exist: frames go nowhere, leaving does nothing. */
export function rehearsalContext(): ChildContext {
  const { protocol, child } = native();
  const slotBuffer = new ArrayBuffer(protocol.slot.bytesPerSlot);
  const slot = new Int32Array(slotBuffer);
  rehearsalSpill ??= new ArrayBuffer(protocol.spill.text + protocol.spill.textBytes);
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
    slot,
    slotTimes: new Float64Array(slotBuffer),
    inherited: 0,
    spill: new SpillWriter(rehearsalSpill, {
      slot,
      spilledAt: protocol.slot.spilled,
      codec: { codec: 'auto' },
    }),
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
