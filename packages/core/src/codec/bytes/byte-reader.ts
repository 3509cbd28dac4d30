import { DecodeError } from '../errors.js';

/**
 * Reads what `ByteWriter` wrote. The payload is untrusted: every length is held against the bytes that are left
 * before anything is allocated for it.
 */
export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;

  /** @param at where to begin, in bytes from the payload's start */
  constructor(payload: Uint8Array, at = 0) {
    // WHY: typed arrays need an aligned start, and a payload may be a part of some larger buffer.
    const aligned = payload.byteOffset % 8 === 0 ? payload : new Uint8Array(payload);
    this.#bytes = Buffer.from(aligned.buffer, aligned.byteOffset, aligned.byteLength);
    this.#at = at;
  }

  u8(): number {
    return this.#bytes[this.#take(1, 1)]!;
  }

  u32(): number {
    return this.uint32s(1)[0]!;
  }

  /** A length that may be beyond 32 bits. */
  size(): number {
    const value = this.float64s(1)[0]!;
    if (!Number.isSafeInteger(value) || value < 0)
      throw new DecodeError(`expected a size, received ${value}`);
    return value;
  }

  /** The numbers as they lie in the payload, not copied. The same holds for the methods below. */
  float64s(count: number): Float64Array {
    const at = this.#take(count * 8, 8);
    return new Float64Array(this.#bytes.buffer as ArrayBuffer, this.#bytes.byteOffset + at, count);
  }

  int32s(count: number): Int32Array {
    const at = this.#take(count * 4, 4);
    return new Int32Array(this.#bytes.buffer as ArrayBuffer, this.#bytes.byteOffset + at, count);
  }

  uint32s(count: number): Uint32Array {
    const at = this.#take(count * 4, 4);
    return new Uint32Array(this.#bytes.buffer as ArrayBuffer, this.#bytes.byteOffset + at, count);
  }

  uint8s(count: number): Uint8Array {
    const at = this.#take(count, 1);
    return this.#bytes.subarray(at, at + count);
  }

  raw(count: number): Buffer {
    const at = this.#take(count, 8);
    return this.#bytes.subarray(at, at + count);
  }

  ascii(units: number): string {
    const at = this.#take(units, 1);
    return this.#bytes.toString('latin1', at, at + units);
  }

  utf16(units: number): string {
    const at = this.#take(units * 2, 2);
    return this.#bytes.toString('utf16le', at, at + units * 2);
  }

  utf8(bytes: number): string {
    const at = this.#take(bytes, 1);
    return this.#bytes.toString('utf8', at, at + bytes);
  }

  /** Throws unless everything was read but the padding at the end. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left >= 8) throw new DecodeError(`expected the end of the payload, received ${left} bytes more`);
  }

  #take(count: number, alignment: number): number {
    const at = Math.ceil(this.#at / alignment) * alignment;
    if (!(at + count <= this.#bytes.length)) {
      throw new DecodeError(`expected ${count} bytes more, received ${Math.max(0, this.#bytes.length - at)}`);
    }
    this.#at = at + count;
    return at;
  }
}
