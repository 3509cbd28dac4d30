import { createHmac, timingSafeEqual } from 'node:crypto';
import { type CodecOptions, decodeResults, encodeResults } from '@forkmap/core/internal';

const CODEC: CodecOptions = { codec: 'auto' };
const MAC_BYTES = 32;

/** Values to bytes and back, signed where both ends know a secret. */
export class Seal {
  readonly #secret: string | undefined;

  constructor(secret?: string) {
    this.#secret = secret;
  }

  /** @param context what the bytes are for: bytes that were made for something else are refused */
  close(context: string, value: unknown): Buffer {
    const bytes = encodeResults([value], CODEC);
    const mac = this.#macOf(context, bytes);
    return mac ? Buffer.concat([mac, bytes]) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Throws where the signature is wrong or the bytes are no value. */
  open(context: string, sealed: Uint8Array): unknown {
    const bytes = this.#secret === undefined ? sealed : sealed.subarray(MAC_BYTES);
    const mac = this.#macOf(context, bytes);
    if (mac && !(sealed.byteLength >= MAC_BYTES && timingSafeEqual(mac, sealed.subarray(0, MAC_BYTES)))) {
      throw new TypeError(`the signature of ${context} is wrong: caller and workers have different secrets`);
    }
    return decodeResults(bytes, 1, CODEC)[0];
  }

  #macOf(context: string, bytes: Uint8Array): Buffer | undefined {
    if (this.#secret === undefined) return undefined;
    return createHmac('sha256', this.#secret).update(`${context}\0`).update(bytes).digest();
  }
}
