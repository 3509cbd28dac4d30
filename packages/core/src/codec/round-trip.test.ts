import { describe, expect, test } from 'vitest';
import { type CodecOptions, decodeResults, encodeResults, TooLargeError, UnsendableError } from './index.js';
import { difference } from './same.test.helper.js';
import { nested, SENDABLE } from './sendable.test.helper.js';
import { Socket, UNSENDABLE } from './unsendable.test.helper.js';

const CODECS = ['auto', 'devalue'] as const;

function roundTrip(values: readonly unknown[], options: CodecOptions): unknown[] {
  return decodeResults(encodeResults(values, options), values.length, options);
}

function failure(values: readonly unknown[], options: CodecOptions): UnsendableError {
  try {
    encodeResults(values, options);
  } catch (error) {
    if (error instanceof UnsendableError) return error;
    throw error;
  }
  throw new Error('expected an UnsendableError, received a payload');
}

test.each<[string, unknown, unknown]>([
  ['zeros', 0, -0],
  ['undefined and holes', [undefined], new Array(1)],
  ['identities', [{}, {}], new Array(2).fill({})],
  ['prototypes', {}, Object.create(null)],
  ['orders', { a: 1, b: 2 }, { b: 2, a: 1 }],
  ['bytes', Buffer.from('a'), Buffer.from('b')],
  ['kinds of views', Buffer.from('a'), Uint8Array.of(97)],
  ['times', new Date(1), new Date(2)],
  ['entries', new Map([[1, 2]]), new Map([[1, 3]])],
  ['messages', new Error('a'), new Error('b')],
  ['causes', new Error('a', { cause: 1 }), new Error('a')],
])('the comparison of these tests tells %s apart', (_, a, b) => {
  expect(difference(a, b)).toBeDefined();
});

describe.each(CODECS)('%s', (codec) => {
  describe.each(Object.entries(SENDABLE))('sends %s exactly', (_, make) => {
    test('alone', () => {
      const value = make();
      expect(difference([value], roundTrip([value], { codec }))).toBeUndefined();
    });

    test('in a batch of its kind', () => {
      const values = Array.from({ length: 3 }, make);
      expect(difference(values, roundTrip(values, { codec }))).toBeUndefined();
    });

    test('within a record', () => {
      const values = Array.from({ length: 3 }, (__, id) => ({ id, value: make() }));
      expect(difference(values, roundTrip(values, { codec }))).toBeUndefined();
    });

    test('beside an error, which V8 alone would not send', () => {
      const value = { value: make(), error: new Error('e') };
      expect(difference([value], roundTrip([value], { codec }))).toBeUndefined();
    });

    test('as the results themselves, where it is a list', () => {
      const value = make();
      if (!Array.isArray(value) || Object.keys(value).length !== value.length) return;
      expect(
        roundTrip(value, { codec })
          .map((one, i) => difference(value[i], one))
          .find((one) => one),
      ).toBeUndefined();
    });
  });

  test('sends everything at once', () => {
    const values = Object.values(SENDABLE).map((make) => make());
    expect(difference(values, roundTrip(values, { codec }))).toBeUndefined();
  });

  test('sends no results', () => {
    expect(roundTrip([], { codec })).toEqual([]);
  });

  test.each(Object.entries(UNSENDABLE))('names the path to %s', (_, [make, path]) => {
    expect(failure([make()], { codec })).toMatchObject({ index: 0, path });
    expect(failure([1, 'a', make(), make()], { codec })).toMatchObject({ index: 2, path });
  });

  test('names the first result that cannot be sent, and what it is', () => {
    const error = failure([{ s: 1 }, { s: new Socket() }, { s: Symbol('s') }], { codec });
    expect(error.message).toBe(
      '.s cannot be sent: it is an instance of Socket, which no entry of `types` covers',
    );
    expect(error.messageAt('[7].s')).toMatch(/^\[7\]\.s cannot be sent: /);
    expect(failure([() => {}], { codec }).message).toBe('the result cannot be sent: it is a function');
  });

  test('refuses what is too deep to be decoded, and prints the ends of its path', () => {
    const error = failure([nested(5000, (next) => ({ next }))], { codec });
    expect(error.message).toMatch(
      /^\.next(\.next)+…\(\d+ levels\)…\.next.* cannot be sent: it lies more than 1000 levels deep$/,
    );
  });

  test.each<[string, (inner: unknown) => unknown]>([
    ['objects', (next) => ({ next })],
    ['arrays', (next) => [next]],
    ['Maps', (next) => new Map([[next, 1]])],
    ['errors', (cause) => new Error('e', { cause })],
    [
      '__proto__',
      (next) => JSON.parse('{"__proto__":1}', (key, value) => (key === '__proto__' ? next : value)),
    ],
    ['arrays with named keys', (next) => Object.assign([1], { next })],
  ])('decodes every depth of %s that it encodes', (_, wrap) => {
    for (const levels of [300, 480, 520, 700, 980, 1020]) {
      const values = [nested(levels, wrap)];
      let payload: Uint8Array;
      try {
        payload = encodeResults(values, { codec });
      } catch (error) {
        expect(error).toMatchObject({ message: expect.stringContaining('levels deep') });
        continue;
      }
      expect(difference(values, decodeResults(payload, 1, { codec }))).toBeUndefined();
    }
  });

  test('gives each view a buffer of its own that shows nothing else', () => {
    const pool = Buffer.from('secret visible secret');
    const values = [pool.subarray(7, 14), new Uint8Array(pool.buffer, pool.byteOffset + 7, 7)];
    for (const view of roundTrip(values, { codec }) as Uint8Array[]) {
      expect([view.byteOffset, view.byteLength, view.buffer.byteLength]).toEqual([0, 7, 7]);
    }
  });

  test('reads in place, whatever the place is', () => {
    const values = [
      { a: 0.5, b: 'x', c: [1, 2], d: Float64Array.of(1) },
      { a: 1.5, b: 'é', c: [], d: Float64Array.of() },
    ];
    const payload = encodeResults(values, { codec });
    expect(payload.byteLength % (codec === 'auto' ? 8 : 1)).toBe(0);
    for (let offset = 0; offset < 9; offset++) {
      const whole = new Uint8Array(payload.byteLength + 16).fill(255);
      whole.set(payload, offset);
      const part = whole.subarray(offset, offset + payload.byteLength);
      expect(difference(values, decodeResults(part, 2, { codec }))).toBeUndefined();
      expect(whole.subarray(offset, offset + payload.byteLength)).toEqual(new Uint8Array(payload));
    }
  });
});

describe.each(['auto', 'devalue', 'structured'] as const)('%s', (codec) => {
  test.each<[string, () => unknown]>([
    ['numbers', () => Array.from({ length: 1000 }, (_, i) => i / 7)],
    ['strings', () => Array.from({ length: 1000 }, (_, i) => `text ${i}`)],
    ['bytes', () => Buffer.alloc(9000)],
    ['data of all kinds', () => [1, 'a', { a: new Map([[1, 'x'.repeat(9000)]]) }]],
    ['errors', () => [new Error('x'.repeat(9000))]],
  ])('gives up where a batch of %s takes more than it may', (_, make) => {
    const encode = () => encodeResults([make()], { codec, maxBytes: 5000 });
    expect(encode).toThrow(TooLargeError);
    expect(encode).toThrow('more than 5000 bytes');
    expect(roundTrip([make()], { codec, maxBytes: 200_000 })).toEqual([make()]);
  });
});

test('a result that fails while it is encoded is named by its index', () => {
  let reads = 0;
  const unsteady = Object.defineProperty([1], 0, {
    get: () => (reads++ % 2 ? () => {} : 1),
    enumerable: true,
  });
  const values = [{ a: 1 }, new Error('e'), unsteady];
  expect(failure(values, { codec: 'devalue' })).toMatchObject({ index: 2, path: '' });
});
