import { PROTOCOL } from '../protocol.js';
import { makeFrame, NOTE } from './frame-splitter.js';
import { packSpill, unpackSpill } from './spill-notes.js';

/**
 * What forked children note in memory that they share with the origin, a spawned process writes into its pipe: a NOTE
 * frame with its slot of the board, why it leaves, and what has been added to its spill. The header says which entries.
 */
export interface Note {
  slot: ArrayBuffer;
  /** Why it leaves, and what `process.exit` was given. */
  reason: number;
  exitCode: number;
}

const LEAVING_BYTES = 8;

export function makeNote(
  { slot, reason, exitCode }: Note,
  spill: ArrayBuffer,
  from: number,
  to: number,
): Uint8Array {
  const payload = Buffer.concat([
    new Uint8Array(Int32Array.of(reason, exitCode).buffer),
    new Uint8Array(slot),
    ...(to > from ? [packSpill(spill, from, to)] : []),
  ]);
  return makeFrame({ kind: NOTE, first: from, count: to - from }, payload);
}

/** Takes a note in; undefined where it is none. */
export function readNote(
  frame: Uint8Array,
  { first, count }: { first: number; count: number },
  spill: ArrayBuffer,
): Note | undefined {
  const { headerBytes } = PROTOCOL.frame;
  const slotAt = headerBytes + LEAVING_BYTES;
  const spillAt = slotAt + PROTOCOL.slot.bytesPerSlot;
  if (frame.byteLength < spillAt || count < 0) return undefined;
  if (count > 0 && !unpackSpill(spill, { from: first, to: first + count }, frame.subarray(spillAt)))
    return undefined;
  const leaving = new DataView(frame.buffer, frame.byteOffset + headerBytes, LEAVING_BYTES);
  return {
    slot: new Uint8Array(frame.subarray(slotAt, spillAt)).buffer,
    reason: leaving.getInt32(0, true),
    exitCode: leaving.getInt32(4, true),
  };
}
