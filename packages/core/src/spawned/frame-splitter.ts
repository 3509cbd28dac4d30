import { FRAME_MAGIC, PROTOCOL } from '../protocol.js';

/**
 * The kind of frames that spawned processes alone write: how far they are. What is in one is between the two ends. No
 * kind of the protocol's is as high.
 */
export const NOTE = 0x100;

/** What stands before a frame's payload. */
export interface FrameHeader {
  kind: number;
  first: number;
  count: number;
  payloadBytes: number;
}

/** Takes in a header before its payload has come. Anything but `open` ends the reading. */
type Judge = (header: FrameHeader) => SplitState;
type SplitState = 'open' | 'broken' | 'tooLarge';

interface Parts {
  judge: Judge;
  /** A frame is whole; header included. */
  onFrame: (header: FrameHeader, frame: Uint8Array) => void;
}

/** Cuts what a process writes into frames. What does not look like one ends it: nothing after it is believed. */
export class FrameSplitter {
  readonly #parts: Parts;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #needed = PROTOCOL.frame.headerBytes;
  #header: FrameHeader | undefined;
  state: SplitState = 'open';

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A frame was begun and not ended. */
  get hasPartial(): boolean {
    return this.#bytes > 0;
  }

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.byteLength;
    while (this.state === 'open' && this.#bytes >= this.#needed) {
      // WHY only now: a large payload comes in many pieces, which are put together once.
      const whole = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces);
      this.#advance(whole as Uint8Array);
    }
  }

  #advance(whole: Uint8Array): void {
    const header = this.#header;
    if (!header) {
      this.#pieces = [whole];
      this.#header = readHeader(whole);
      this.state = this.#header ? this.#parts.judge(this.#header) : 'broken';
      this.#needed += this.#header?.payloadBytes ?? 0;
      return;
    }
    const frame = whole.subarray(0, this.#needed);
    const rest = whole.subarray(this.#needed);
    this.#pieces = rest.byteLength > 0 ? [rest] : [];
    this.#bytes = rest.byteLength;
    this.#header = undefined;
    this.#needed = PROTOCOL.frame.headerBytes;
    this.#parts.onFrame(header, frame);
  }
}

function readHeader(bytes: Uint8Array): FrameHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, PROTOCOL.frame.headerBytes);
  if (view.getUint32(0, true) !== FRAME_MAGIC) return undefined;
  return {
    kind: view.getUint32(4, true),
    first: view.getInt32(8, true),
    count: view.getInt32(12, true),
    payloadBytes: Number(view.getBigUint64(16, true)),
  };
}

/** A frame as bytes. */
export function makeFrame(
  { kind, first, count }: Omit<FrameHeader, 'payloadBytes'>,
  payload?: Uint8Array,
): Uint8Array {
  const { headerBytes } = PROTOCOL.frame;
  const frame = new Uint8Array(headerBytes + (payload?.byteLength ?? 0));
  const view = new DataView(frame.buffer);
  view.setUint32(0, FRAME_MAGIC, true);
  view.setUint32(4, kind, true);
  view.setInt32(8, first, true);
  view.setInt32(12, count, true);
  view.setBigUint64(16, BigInt(payload?.byteLength ?? 0), true);
  if (payload) frame.set(payload, headerBytes);
  return frame;
}
