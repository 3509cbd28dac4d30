import { PROTOCOL } from '../protocol.js';
import { type FrameHeader, FrameSplitter, NOTE } from './frame-splitter.js';

/** Items that frames may speak of, and how large one may be. */
export interface ChunkLimits {
  start: number;
  end: number;
  maxPayloadBytes: number;
}

/**
 * The frames of one chunk as a spawned process writes them, checked before they are kept: what the driver's reader
 * (packages/native/src/frame/reader.cc) is for forked children.
 */
export class ChunkFrames {
  readonly #limits: ChunkLimits;
  readonly #splitter: FrameSplitter;
  readonly #frames: Uint8Array[] = [];
  #spokenOf = 0;
  #isBroken = false;
  /** The END frame arrived. */
  isWhole = false;
  /** The first item of a frame that was too large, or -1. */
  brokenFirst = -1;

  /** @param onNote told of notes, where such may come; false where one is not sound */
  constructor(limits: ChunkLimits, onNote?: (header: FrameHeader, frame: Uint8Array) => boolean) {
    this.#limits = limits;
    this.#splitter = new FrameSplitter({
      judge: (header) => (header.kind === NOTE && onNote ? 'open' : this.#judge(header)),
      onFrame: (header, frame) => {
        if (header.kind !== NOTE) this.#keep(header, frame);
        else if (!onNote?.(header, frame)) this.#isBroken = true;
      },
    });
  }

  get state(): 'open' | 'broken' | 'tooLarge' {
    return this.#isBroken ? 'broken' : this.#splitter.state;
  }

  get hasPartial(): boolean {
    return this.#splitter.hasPartial;
  }

  push(bytes: Uint8Array): void {
    this.#splitter.push(bytes);
  }

  /** Whole frames, one after the other, in a buffer of their own. */
  take(): ArrayBuffer | undefined {
    if (this.#frames.length === 0) return undefined;
    const bytes = this.#frames.reduce((sum, frame) => sum + frame.byteLength, 0);
    const all = new Uint8Array(bytes);
    let at = 0;
    for (const frame of this.#frames) {
      all.set(frame, at);
      at += frame.byteLength;
    }
    return all.buffer;
  }

  #keep({ kind, count }: FrameHeader, frame: Uint8Array): void {
    this.#frames.push(frame);
    this.#spokenOf += count;
    if (kind === PROTOCOL.frame.end) this.isWhole = true;
  }

  #judge(header: FrameHeader): 'open' | 'broken' | 'tooLarge' {
    if (this.isWhole || !this.#isWellFormed(header)) return 'broken';
    if (header.payloadBytes <= this.#limitOf(header)) return 'open';
    this.brokenFirst = header.first;
    return 'tooLarge';
  }

  /** Of its payload, in bytes. */
  #limitOf({ kind }: FrameHeader): number {
    const { thrown, failed, failureBytes } = PROTOCOL.frame;
    const isFailure = kind === thrown || kind === failed;
    return isFailure ? Math.max(this.#limits.maxPayloadBytes, failureBytes) : this.#limits.maxPayloadBytes;
  }

  #isWellFormed({ kind, first, count, payloadBytes }: FrameHeader): boolean {
    const { start, end } = this.#limits;
    if (first < start || count < 0 || count > end - first) return false;
    if (this.#spokenOf + count > end - start) return false;
    const kinds = PROTOCOL.frame;
    if (kind === kinds.results) return count > 0;
    if (kind === kinds.thrown || kind === kinds.failed) return count === 1;
    return kind === kinds.end && first === start && count === 0 && payloadBytes === 0;
  }
}
