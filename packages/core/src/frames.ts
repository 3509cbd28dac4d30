import type { Outcome } from '@forkmap/native';
import { SEGMENT_HEADER_BYTES, SEGMENT_IS_OVER } from './child/run/gathering.js';
import type { FailedPayload } from './child/send/sender.js';
import { type CodecOptions, decodeResults, decodeThrown } from './codec/index.js';
import { isForkErrorCode } from './errors/codes.js';
import { PROTOCOL } from './protocol.js';

/** What the items [first, end) came to. */
export interface Segment {
  first: number;
  end: number;
  values: unknown[];
  /** Nothing after these items is needed. */
  isOver: boolean;
}

/** Who is told what the frames of a chunk say, item by item. Every index is told at most once. */
export interface FrameSink {
  results(first: number, values: unknown[]): void;
  /** Results that are all numbers, in the call's sheet, or all undefined. Where there is a sheet. */
  plain?(first: number, end: number, isNumbers: boolean): void;
  /** In place of `results`, where the child gathers. */
  segment?(segment: Segment): void;
  thrown(index: number, error: unknown): void;
  failed(index: number, payload: FailedPayload): void;
  /** Frames for these items arrived whole, but cannot be decoded. */
  undecodable(first: number, count: number, error: unknown): void;
}

/** Tells `sink` what the frames of an outcome say. They are well formed (the driver saw to that); payloads are not trusted. */
export function readFrames(outcome: Outcome, codec: CodecOptions, sink: FrameSink): void {
  for (const _ of readingFrames(outcome, codec, sink)) {
    // All at once.
  }
}

/** `readFrames`, a frame at a step. */
export function* readingFrames(outcome: Outcome, codec: CodecOptions, sink: FrameSink): Generator<void> {
  const kinds = PROTOCOL.frame;
  const seen = new ClaimedRanges();
  for (const { kind, first, count, payload } of framesOf(outcome)) {
    if (kind === kinds.end || !seen.claim(first, first + count)) continue;
    if (kind === kinds.results) readResults(first, count, payload, codec, sink);
    else if (kind === kinds.numbers || kind === kinds.undefineds)
      readPlain(first, count, kind === kinds.numbers, sink);
    else if (kind === kinds.thrown)
      readOne(first, () => sink.thrown(first, decodeThrown(payload, codec)), sink);
    else readOne(first, () => sink.failed(first, parseFailed(payload)), sink);
    yield;
  }
}

/** Of how many items the outcome tells anything, if no frame speaks of what another has spoken of. */
export function toldItems(outcome: Outcome): number {
  const { runKind, runFirst = 0, done } = outcome;
  let items = runKind ? done - runFirst : 0;
  for (const { kind, count } of framesOf(outcome)) if (kind !== PROTOCOL.frame.end) items += count;
  return items;
}

interface Frame {
  kind: number;
  first: number;
  count: number;
  payload: Uint8Array;
}

function* framesOf({ frames }: Outcome): Generator<Frame> {
  if (!frames) return;
  const { headerBytes } = PROTOCOL.frame;
  const view = new DataView(frames);
  for (let at = 0; at < view.byteLength; ) {
    const bytes = Number(view.getBigUint64(at + 16, true));
    yield {
      kind: view.getUint32(at + 4, true),
      first: view.getInt32(at + 8, true),
      count: view.getInt32(at + 12, true),
      payload: new Uint8Array(frames, at + headerBytes, bytes),
    };
    at += headerBytes + bytes;
  }
}

/** The items that were spoken of. What came first stands. */
class ClaimedRanges {
  readonly #ranges: { first: number; end: number }[] = [];
  #last = -1;

  /** False where an item of [first, end) was spoken of before. */
  claim(first: number, end: number): boolean {
    // WHY: frames come in order, mostly, and then one look is enough.
    if (first < this.#last && this.#ranges.some((range) => first < range.end && range.first < end))
      return false;
    this.#last = Math.max(this.#last, end);
    this.#ranges.push({ first, end });
    return true;
  }
}

function readResults(
  first: number,
  count: number,
  payload: Uint8Array,
  codec: CodecOptions,
  sink: FrameSink,
): void {
  let tell: () => void;
  try {
    if (sink.segment) {
      const segment = readSegment(first, count, payload, codec);
      tell = () => sink.segment?.(segment);
    } else {
      const values = decodeResults(payload, count, codec);
      tell = () => sink.results(first, values);
    }
  } catch (error) {
    sink.undecodable(first, count, error);
    return;
  }
  tell();
}

function readPlain(first: number, count: number, isNumbers: boolean, sink: FrameSink): void {
  if (sink.plain) sink.plain(first, first + count, isNumbers);
  else sink.undecodable(first, count, new TypeError('results without a payload, where there is no sheet'));
}

function readSegment(first: number, count: number, payload: Uint8Array, codec: CodecOptions): Segment {
  const header = new DataView(payload.buffer, payload.byteOffset, SEGMENT_HEADER_BYTES);
  const values = decodeResults(payload.subarray(SEGMENT_HEADER_BYTES), header.getUint32(0, true), codec);
  return { first, end: first + count, values, isOver: (header.getUint32(4, true) & SEGMENT_IS_OVER) !== 0 };
}

function readOne(index: number, read: () => void, sink: FrameSink): void {
  try {
    read();
  } catch (error) {
    sink.undecodable(index, 1, error);
  }
}

const textDecoder = new TextDecoder();

function parseFailed(payload: Uint8Array): FailedPayload {
  const { code, message, path, what } = JSON.parse(textDecoder.decode(payload)) as Partial<FailedPayload>;
  if (!isForkErrorCode(code)) throw new TypeError(`unknown failure code ${String(code)}`);
  return {
    code,
    message: String(message),
    ...(path !== undefined && { path: String(path) }),
    ...(what !== undefined && { what: String(what) }),
  };
}
