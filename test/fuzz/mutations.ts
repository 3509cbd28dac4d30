import type { Protocol } from '@forkmap/native';
import { encodeResults, encodeThrown } from '../../packages/core/dist/codec/index.js';

export interface Told {
  index: number;
  what: 'result' | 'thrown' | 'failed' | 'undecodable';
  value?: unknown;
}

const CODEC = { codec: 'auto' } as const;
const MAGIC = 0x314d4b46;
const HOSTILE = JSON.parse(
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
) as unknown;

/** Batches of every sort, so that mutations meet each decoder. */
const BATCHES: readonly (readonly unknown[])[] = [
  [1, 2, 3.5, -0],
  ['a', 'text', '\u{1f600}'],
  [
    { a: 1, b: 'x' },
    { a: 2, b: 'y' },
  ],
  [true, false, null, undefined],
  [new Date(1e12), new Map([[1, { two: 2 }]]), new Set(['a']), 12n],
  [new Uint8Array([1, 2, 3]), new Float64Array([1.5])],
  [HOSTILE, { nested: [HOSTILE, [1, [2, [3]]]] }],
];

/** The frames of a chunk as an honest child writes them, and what they say. */
export function makeFrames({ frame }: Protocol, start: number, end: number) {
  const parts: Uint8Array[] = [];
  const expected: Told[] = [];
  const add = (kind: number, first: number, count: number, payload: Uint8Array = new Uint8Array()) => {
    const header = new DataView(new ArrayBuffer(frame.headerBytes));
    header.setUint32(0, MAGIC, true);
    header.setUint32(4, kind, true);
    header.setInt32(8, first, true);
    header.setInt32(12, count, true);
    header.setBigUint64(16, BigInt(payload.byteLength), true);
    parts.push(new Uint8Array(header.buffer), payload);
  };
  let index = start;
  for (const batch of BATCHES) {
    add(frame.results, index, batch.length, encodeResults(batch, CODEC));
    for (const value of batch) expected.push({ index: index++, what: 'result', value });
  }
  const error = new RangeError('thrown', { cause: new Error('because') });
  add(frame.thrown, index, 1, encodeThrown(error, CODEC));
  expected.push({ index: index++, what: 'thrown', value: error });
  add(frame.failed, index, 1, Buffer.from('{"code":"ERR_FORKMAP_SERIALIZE","message":"no"}'));
  expected.push({ index: index++, what: 'failed', value: undefined });
  if (index > end) throw new Error('the chunk is too small for its frames');
  add(frame.end, start, 0);
  return { bytes: new Uint8Array(Buffer.concat(parts)), expected };
}

/** Mutated frames, the same for the same seed. */
export class Mutator {
  #state: number;
  readonly #whole: Uint8Array;

  constructor(seed: number, protocol: Protocol, start: number, end: number) {
    this.#state = seed;
    this.#whole = makeFrames(protocol, start, end).bytes;
  }

  /** SOURCE: mulberry32. */
  #random(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  pieceBytes(): number {
    return [1 + this.#random(64), 512, 65_536][this.#random(3)] as number;
  }

  next(): Uint8Array {
    let bytes: Uint8Array = this.#whole.slice();
    for (let i = this.#random(4); i >= 0; i--) bytes = this.#mutate(bytes);
    return bytes;
  }

  #mutate(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return bytes;
    const at = this.#random(bytes.length);
    const length = this.#random(Math.min(64, bytes.length - at)) + 1;
    switch (this.#random(7)) {
      case 0: // a bit
        bytes[at] = (bytes[at] as number) ^ (1 << this.#random(8));
        return bytes;
      case 1: // a byte of interest
        bytes[at] = [0, 1, 0x7f, 0x80, 0xff][this.#random(5)] as number;
        return bytes;
      case 2: // noise
        for (let i = 0; i < length; i++) bytes[at + i] = this.#random(256);
        return bytes.subarray(0, Math.max(at, bytes.length));
      case 3: // cut off
        return bytes.slice(0, at);
      case 4: // a piece is missing
        return new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
      case 5: // a piece is there twice
        return new Uint8Array([...bytes.subarray(0, at + length), ...bytes.subarray(at)]);
      default: // a header's field, wherever one may be
        if (bytes.length < 4) return bytes;
        new DataView(bytes.buffer, bytes.byteOffset).setUint32(
          Math.min(at & ~3, Math.max(0, (bytes.length & ~3) - 4)),
          [0, 1, 2, 3, 4, 0x7fffffff, 0x80000000, 0xffffffff][this.#random(8)] as number,
          true,
        );
        return bytes;
    }
  }
}
