import type { Outcome } from '@forkmap/native';
import { type CodecOptions, decodeResults, encodeResults } from './codec/index.js';
import { PROTOCOL } from './protocol.js';

const KIND = { NONE: 0, NUMBER: 1, TEXT: 2, UNDEFINED: 3, NULL: 4, TRUE: 5, FALSE: 6, ENCODED: 7 } as const;
/** Those whose value is in the text. */
export const SPILL_TEXT_KINDS: ReadonlySet<number> = new Set([KIND.TEXT, KIND.ENCODED]);
const LONGEST_TEXT = 1024;
/** How many values that must be encoded are noted whatever that takes, and of others: at most a share of their items' time. */
const ENCODED_FOR_SURE = 16;
const ENCODING_SHARE = 0.1;

/** The parts of a lane's spill (protocol.h) as arrays. @param offset where it begins, in bytes */
export function spillParts(memory: ArrayBuffer, offset = 0) {
  const at = PROTOCOL.spill;
  return {
    numbers: new Float64Array(memory, offset + at.numbers, at.items),
    lengths: new Int32Array(memory, offset + at.lengths, at.items),
    indices: new Int32Array(memory, offset + at.indices, at.items),
    kinds: new Uint8Array(memory, offset + at.kinds, at.items),
    text: new Uint8Array(memory, offset + at.text, at.textBytes),
  };
}

const textEncoder = new TextEncoder();

/**
 * In a child: notes small results in shared memory the moment they are there, so that they outlive the child even if
 * it dies before they are sent. Numbers take nanoseconds; what must be encoded, one by one, is noted where that takes a
 * small part of what its item took: the first few, and all that are not quick.
 */
export class SpillWriter {
  // WHY apart: each is used for every item; one look-up less.
  readonly #numbers: Float64Array;
  readonly #lengths: Int32Array;
  readonly #indices: Int32Array;
  readonly #kinds: Uint8Array;
  readonly #text: Uint8Array;
  readonly #slot: Int32Array;
  readonly #spilledAt: number;
  readonly #codec: CodecOptions;
  /** When the value before was there. */
  #lastAt = 0;
  #encoded = 0;
  /** What it takes to note one, as of late. */
  #encodingMs = 0;
  #count = 0;
  #textBytes = 0;

  constructor(
    { memory, offset = 0 }: { memory: ArrayBuffer; offset?: number },
    of: { slot: Int32Array; spilledAt: number; codec: CodecOptions },
  ) {
    const { numbers, lengths, indices, kinds, text } = spillParts(memory, offset);
    this.#numbers = numbers;
    this.#lengths = lengths;
    this.#indices = indices;
    this.#kinds = kinds;
    this.#text = text;
    this.#slot = of.slot;
    this.#spilledAt = of.spilledAt;
    this.#codec = of.codec;
  }

  /** Items begin now. */
  begin(): void {
    this.#lastAt = performance.now();
  }

  /** Whether a value that must be encoded is noted where its item takes so long. */
  isWorthNoting(itemMs: number): boolean {
    return this.#encoded < ENCODED_FOR_SURE || this.#encodingMs <= itemMs * ENCODING_SHARE;
  }

  get isFull(): boolean {
    return this.#count === this.#kinds.length;
  }

  /** False where the value, or the room, does not allow it. */
  note(index: number, value: unknown): boolean {
    const at = this.#count;
    if (at === this.#kinds.length) return false;
    if (typeof value === 'number') {
      this.#numbers[at] = value;
      this.#kinds[at] = KIND.NUMBER;
    } else {
      const kind = this.#write(at, value);
      if (kind === KIND.NONE) return false;
      this.#kinds[at] = kind;
    }
    this.#indices[at] = index;
    this.#count = at + 1;
    // WHY last: only what is counted is read.
    this.#slot[this.#spilledAt] = at + 1;
    return true;
  }

  /** What was noted is sent now. */
  clear(): void {
    this.#count = 0;
    this.#textBytes = 0;
    this.#slot[this.#spilledAt] = 0;
  }

  #write(at: number, value: unknown): number {
    switch (typeof value) {
      case 'boolean':
        return value ? KIND.TRUE : KIND.FALSE;
      case 'undefined':
        return KIND.UNDEFINED;
      case 'string':
        return this.#withinBudget(() => this.#writeText(at, value));
      default:
        return value === null ? KIND.NULL : this.#withinBudget(() => this.#writeEncoded(at, value));
    }
  }

  // WHY not a share of all the time that goes by: where items are quick, some of them would be noted, which is of no use,
  // and takes longer than sending all of them together.
  #withinBudget(write: () => number): number {
    const began = performance.now();
    const itemMs = began - this.#lastAt;
    this.#lastAt = began;
    if (!this.isWorthNoting(itemMs)) return KIND.NONE;
    const kind = write();
    this.#lastAt = performance.now();
    const tookMs = this.#lastAt - began;
    this.#encodingMs += (tookMs - this.#encodingMs) / Math.min(++this.#encoded, ENCODED_FOR_SURE);
    return kind;
  }

  #writeEncoded(at: number, value: unknown): number {
    let bytes: Uint8Array;
    try {
      bytes = encodeResults([value], this.#codec);
    } catch {
      return KIND.NONE; // WHY: it cannot be sent; whoever sends it says so.
    }
    if (this.#textBytes + bytes.byteLength > this.#text.length) return KIND.NONE;
    this.#text.set(bytes, this.#textBytes);
    this.#place(at, bytes.byteLength);
    return KIND.ENCODED;
  }

  #writeText(at: number, value: string): number {
    // WHY three: the most bytes of UTF-8 that one unit of a string takes.
    if (value.length > LONGEST_TEXT || this.#textBytes + value.length * 3 > this.#text.length)
      return KIND.NONE;
    // WHY: a lone surrogate has no UTF-8, and is three bytes of another character there.
    if (HAS_LONE_SURROGATE.test(value)) return KIND.NONE;
    this.#place(at, textEncoder.encodeInto(value, this.#text.subarray(this.#textBytes)).written);
    return KIND.TEXT;
  }

  #place(at: number, bytes: number): void {
    this.#numbers[at] = this.#textBytes;
    this.#lengths[at] = bytes;
    this.#textBytes += bytes;
  }
}

const HAS_LONE_SURROGATE = /\p{Surrogate}/u;
const textDecoder = new TextDecoder();

/** In the origin: tells what a child that died had noted. The notes are not trusted. */
export function readSpill(
  { spill, spilled }: Pick<Outcome, 'spill' | 'spilled'>,
  codec: CodecOptions,
  tell: (index: number, value: unknown) => void,
): void {
  if (!spill) return;
  const { numbers, lengths, indices, kinds, text } = spillParts(spill);
  const count = spilled ?? 0;
  const bytesAt = (at: number) => {
    const begin = numbers[at] as number;
    return text.slice(begin, begin + (lengths[at] as number));
  };
  for (let at = 0; at < Math.min(count, kinds.length); at++) {
    const index = indices[at] as number;
    switch (kinds[at]) {
      case KIND.NUMBER:
        tell(index, numbers[at]);
        break;
      case KIND.TEXT:
        tell(index, textDecoder.decode(bytesAt(at)));
        break;
      case KIND.ENCODED:
        tellDecoded(index, bytesAt(at), codec, tell);
        break;
      case KIND.UNDEFINED:
        tell(index, undefined);
        break;
      case KIND.NULL:
        tell(index, null);
        break;
      case KIND.TRUE:
        tell(index, true);
        break;
      case KIND.FALSE:
        tell(index, false);
    }
  }
}

function tellDecoded(
  index: number,
  bytes: Uint8Array,
  codec: CodecOptions,
  tell: (index: number, value: unknown) => void,
): void {
  let values: unknown[];
  try {
    values = decodeResults(bytes, 1, codec);
  } catch {
    return; // WHY nothing: a note that a dying child left half written is as good as none.
  }
  tell(index, values[0]);
}
