import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { makeView, viewBytes, viewKind } from '../bytes/views.js';
import { judgeBuiltIn } from '../walk/built-ins.js';
import { COLUMN } from './kinds.js';

/** Writes a column of views, or of ArrayBuffers, as raw bytes. False if one is of another kind. */
export function encodeBinary(values: readonly unknown[], kind: number, out: ByteWriter): boolean {
  out.u8(COLUMN.BINARY);
  out.u8(kind);
  const sizes = out.float64s(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as ArrayBufferView;
    const prototype: object | null = Object.getPrototypeOf(value);
    if (viewKind(prototype) !== kind || judgeBuiltIn(value, prototype) !== undefined) return false;
    sizes[i] = value.byteLength;
  }
  for (let i = 0; i < values.length; i++) out.raw(viewBytes(values[i] as ArrayBufferView));
  return true;
}

export function decodeBinary(rows: number, input: ByteReader): unknown[] {
  const kind = input.u8();
  const sizes = input.float64s(rows);
  const values = new Array<unknown>(rows);
  for (let i = 0; i < rows; i++) values[i] = makeView(kind, input.raw(sizes[i]!));
  return values;
}
