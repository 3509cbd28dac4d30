import { describe, expect, test } from 'vitest';
import { DecodeError } from '../errors.js';
import { ARRAY_BUFFER, makeView, viewBytes, viewKind } from './views.js';

const MADE = [
  Uint8Array.of(1, 2).buffer,
  new DataView(Uint8Array.of(1, 2).buffer),
  Buffer.from('ab'),
  Float64Array.of(1.5, -0),
  BigInt64Array.of(-5n),
  Uint8ClampedArray.of(255),
];

describe('makeView()', () => {
  test.each(MADE)('copies what viewBytes() shows, wherever it lies: %o', (view) => {
    const bytes = viewBytes(view);
    const kind = viewKind(Object.getPrototypeOf(view))!;
    for (let offset = 0; offset < 9; offset++) {
      const around = new Uint8Array(bytes.byteLength + 16);
      around.set(bytes, offset);
      const made = makeView(kind, around.subarray(offset, offset + bytes.byteLength));
      expect(made).toEqual(view);
      expect(Object.getPrototypeOf(made)).toBe(Object.getPrototypeOf(view));
      around.fill(7);
      expect(viewBytes(made)).toEqual(bytes);
      if (ArrayBuffer.isView(made))
        expect([made.byteOffset, made.buffer.byteLength]).toEqual([0, bytes.byteLength]);
    }
  });

  test('keeps the bits of a NaN', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 0xf8, 0x7f);
    expect(viewBytes(makeView(viewKind(Float64Array.prototype)!, bytes))).toEqual(bytes);
  });

  test.each([8, 9, 3])('refuses bytes that end within an element (at offset %i)', (offset) => {
    const bytes = new Uint8Array(24).subarray(offset, offset + 9);
    expect(() => makeView(viewKind(Float64Array.prototype)!, bytes)).toThrow(DecodeError);
  });

  test.each([-1, 99, 0.5])('refuses kind %d', (kind) => {
    expect(() => makeView(kind, new Uint8Array())).toThrow('unknown kind');
  });
});

test('viewKind() knows exact prototypes only', () => {
  expect(viewKind(ArrayBuffer.prototype)).toBe(ARRAY_BUFFER);
  for (const prototype of [
    null,
    Object.prototype,
    SharedArrayBuffer.prototype,
    Uint8Array,
    class A extends Uint8Array {}.prototype,
  ]) {
    expect(viewKind(prototype)).toBeUndefined();
  }
});
