import { TooLargeError } from '../errors.js';

const FIRST_BYTES = 4096;
const MAX_FIRST_BYTES = 2 ** 20;

/**
 * Bytes that grow. Numbers are written in this machine's order: both ends are processes of one program.
 * INVARIANT: offsets count from the payload's first byte, and its buffer begins there, so that what is aligned in
 * the payload is aligned in memory while it is written.
 * WHY `private` and no `#`, here and wherever children encode: in the interpreter a `#` costs a keyed look-up.
 */
export class ByteWriter {
  private bytes: Buffer;
  private end = 0;
  private readonly maxBytes: number;

  /**
   * @param maxBytes where to give up, with a `TooLargeError`, before more memory is taken
   * @param expectedBytes a guess at what will be written: where it is right, nothing has to be copied
   */
  constructor(maxBytes = Number.POSITIVE_INFINITY, expectedBytes = 0) {
    this.maxBytes = maxBytes;
    const firstBytes = Math.max(FIRST_BYTES, Math.min(expectedBytes, maxBytes, MAX_FIRST_BYTES));
    this.bytes = Buffer.allocUnsafeSlow(firstBytes);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.end;
  }

  /** Forgets all that was written after `length`. */
  rewind(length: number): void {
    this.end = length;
  }

  u8(value: number): void {
    const at = this.take(1, 1);
    this.bytes[at] = value;
  }

  /** Overwrites a byte that was written before. */
  patch(at: number, value: number): void {
    this.bytes[at] = value;
  }

  u32(value: number): void {
    this.uint32s(1)[0] = value;
  }

  /** A length that may be beyond 32 bits. */
  size(value: number): void {
    this.float64s(1)[0] = value;
  }

  /** Room for `count` numbers to be filled in by the caller, before anything else is written. */
  float64s(count: number): Float64Array {
    const at = this.take(count * 8, 8);
    return new Float64Array(this.bytes.buffer, at, count);
  }

  int32s(count: number): Int32Array {
    const at = this.take(count * 4, 4);
    return new Int32Array(this.bytes.buffer, at, count);
  }

  uint32s(count: number): Uint32Array {
    const at = this.take(count * 4, 4);
    return new Uint32Array(this.bytes.buffer, at, count);
  }

  uint8s(count: number): Uint8Array {
    const at = this.take(count, 1);
    return new Uint8Array(this.bytes.buffer, at, count);
  }

  /** Raw bytes at a multiple of 8, whatever their own alignment needs. */
  raw(bytes: Uint8Array): void {
    const at = this.take(bytes.byteLength, 8);
    this.bytes.set(bytes, at);
  }

  /** A string that is ASCII alone, one byte per unit. */
  ascii(text: string): void {
    const at = this.take(text.length, 1);
    this.bytes.write(text, at, 'latin1');
  }

  /** A string as it is, two bytes per unit: lone surrogates survive. */
  utf16(text: string): void {
    const at = this.take(text.length * 2, 2);
    this.bytes.write(text, at, 'utf16le');
  }

  /** A string without lone surrogates; `bytes` is what it takes in UTF-8. */
  utf8(text: string, bytes: number): void {
    const at = this.take(bytes, 1);
    this.bytes.write(text, at, 'utf8');
  }

  /** All that was written, up to a multiple of 8. The writer must not be used again. */
  finish(): Uint8Array {
    const unpadded = this.end;
    // WHY: so that payloads in one buffer, one behind the other, can be read in place.
    this.take(0, 8);
    this.bytes.fill(0, unpadded, this.end);
    return this.bytes.subarray(0, this.end);
  }

  private take(count: number, alignment: number): number {
    const at = Math.ceil(this.end / alignment) * alignment;
    const end = at + count;
    if (end > this.bytes.length) this.grow(end);
    this.end = end;
    return at;
  }

  private grow(needed: number): void {
    if (needed > this.maxBytes) throw new TooLargeError(this.maxBytes);
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.end);
    this.bytes = grown;
  }
}
