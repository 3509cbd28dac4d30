import { describe, expect, test } from 'vitest';
import {
  type CodecOptions,
  DecodeError,
  decodeResults,
  decodeThrown,
  encodeResults,
  encodeThrown,
} from './index.js';
import { SENDABLE } from './sendable.test.helper.js';
import { CODEC } from './types.js';

const MUTATED_BYTES = 10_000_000;
const TYPES: CodecOptions['types'] = { T: [() => false, (plain) => ({ plain })] };
const AUTO: CodecOptions = { codec: 'auto', types: TYPES };

/** Mulberry32: small, and the same on every machine. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function mutate(payload: Uint8Array, random: (below: number) => number): Uint8Array {
  const mutated = new Uint8Array(payload);
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const at = random(mutated.length);
    switch (random(6)) {
      case 0:
        mutated[at] = random(256);
        break;
      case 1:
        mutated[at]! ^= 1 << random(8);
        break;
      case 2:
        mutated.fill(random(2) * 255, at, at + 1 + random(8));
        break;
      case 3:
        mutated.copyWithin(at, random(mutated.length), random(mutated.length));
        break;
      case 4:
        return mutated.subarray(0, at);
      default:
        mutated[at] = '0123456789-[]{},:"$:'.charCodeAt(random(20));
    }
  }
  return mutated;
}

function payloads(): [payload: Uint8Array, count: number, options: CodecOptions][] {
  const made: [Uint8Array, number, CodecOptions][] = [];
  for (const make of Object.values(SENDABLE)) {
    for (const codec of ['auto', 'devalue', 'structured'] as const) {
      for (const count of [1, 3]) {
        try {
          const payload = encodeResults(Array.from({ length: count }, make), { codec });
          made.push([payload, count, { codec, types: TYPES }]);
        } catch {}
      }
    }
  }
  return made.filter(([payload]) => payload.byteLength < 4000);
}

describe('a hostile payload', () => {
  test('is an error or a value, and pollutes nothing', { timeout: 120_000 }, () => {
    const random = randomFrom(1);
    const corpus = payloads();
    const heapBefore = process.memoryUsage().rss;
    let decoded = 0;
    let refused = 0;
    for (let bytes = 0; bytes < MUTATED_BYTES; ) {
      const [payload, count, options] = corpus[random(corpus.length)]!;
      const mutated = mutate(payload, random);
      bytes += mutated.byteLength;
      try {
        const values = decodeResults(mutated, count, options);
        expect(values.length).toBe(count);
        decoded++;
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        refused++;
      }
    }
    expect(decoded + refused).toBeGreaterThan(10_000);
    expect(refused).toBeGreaterThan(1000);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(process.memoryUsage().rss - heapBefore).toBeLessThan(500 * 2 ** 20);
  });

  test('is an error at every length that is too short', () => {
    for (const [payload, count, options] of payloads()) {
      for (let length = 0; length < payload.byteLength - 8; length += 1 + (length >> 3)) {
        const cut = payload.subarray(0, length);
        try {
          decodeResults(cut, count, options);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
          continue;
        }
        // Behind V8's last value nothing is read.
        expect(payload[0]).toBe(CODEC.V8);
      }
    }
  });

  test('is an error where the count is wrong', () => {
    for (const [payload, count, options] of payloads()) {
      for (const wrong of [count + 1, count - 1, 2 ** 31 - 1, 0]) {
        expect(() => decodeResults(payload, wrong, options)).toThrow(DecodeError);
      }
    }
  });

  test('of another codec is an error', () => {
    expect(() => decodeResults(new Uint8Array(), 0, AUTO)).toThrow(
      "of codec 'auto', received one of number undefined",
    );
    expect(() => decodeResults(Uint8Array.of(99, 1, 2), 0, AUTO)).toThrow('received one of number 99');
    for (const wrong of ['auto', 'devalue'] as const) {
      const payload = encodeResults([1], { codec: 'structured' });
      expect(() => decodeResults(payload, 1, { codec: wrong })).toThrow(DecodeError);
    }
    const payload = encodeResults([1], AUTO);
    expect(() => decodeResults(payload, 1, { codec: 'devalue' })).toThrow(DecodeError);
  });

  test.each<[string, string]>([
    ['__proto__ in an object', '[[1],{"__proto__":2},{"polluted":3},true]'],
    ['__proto__ without prototype', '[[1],["null","__proto__",2],{"polluted":3},true]'],
    ['a form that is no form', '[[1],["$",2],5]'],
    ['a form of an unknown name', '[[1],["$",2],[3],"Z"]'],
    ['an error of an unknown class', '[[1],["$",2],[3,4,5],"E","constructor",""]'],
    ['an attachment that is not there', '[[1],["$",2],[3,4,4],"B",0]'],
    ['a length that is none', '[[1],["$",2],[3,4],"A",-1]'],
    ['a circular form', '[[1],["$",1]]'],
    ['a type that is unknown', '[[1],[":Unknown",2],5]'],
    ['nesting without end', `[${Array.from({ length: 100_000 }, (_, i) => `[${i + 1}]`).join()},5]`],
    ['no list', '{"a":1}'],
    ['no JSON', '[[1],'],
  ])('of devalue is an error: %s', (_, text) => {
    const header = Buffer.alloc(12);
    header[0] = CODEC.DEVALUE;
    header.writeUInt32LE(text.length, 4);
    expect(() => decodeResults(Buffer.concat([header, Buffer.from(text)]), 1, AUTO)).toThrow(DecodeError);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('defines __proto__ as a property like any other, where it was sent as one', () => {
    const [value] = decodeResults(encodeResults([JSON.parse('{"__proto__":{"polluted":1}}')], AUTO), 1, AUTO);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect((value as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('of what was thrown is an error as well', () => {
    const payload = encodeThrown(new Error('e'), AUTO);
    const random = randomFrom(2);
    for (let i = 0; i < 5000; i++) {
      try {
        decodeThrown(mutate(payload, random), AUTO);
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
      }
    }
    expect(() => decodeThrown(new Uint8Array(), AUTO)).toThrow(DecodeError);
    expect(() => decodeThrown(encodeResults([1, 2], { codec: 'devalue' }), AUTO)).toThrow('one thrown value');
  });
});
