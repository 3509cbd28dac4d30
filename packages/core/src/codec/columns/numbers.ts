import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { COLUMN } from './kinds.js';

/** Writes a column of numbers. False, and nothing that matters written, if one of the values is not a number. */
export function encodeNumbers(values: readonly unknown[], out: ByteWriter): boolean {
  const start = out.length;
  out.u8(COLUMN.INTEGERS);
  if (fillIntegers(out.int32s(values.length), values)) return true;
  out.rewind(start);
  out.u8(COLUMN.NUMBERS);
  return fillNumbers(out.float64s(values.length), values);
}

function fillIntegers(room: Int32Array, values: readonly unknown[]): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'number' || value !== (value | 0) || (value === 0 && 1 / value < 0)) return false;
    room[i] = value;
  }
  return true;
}

function fillNumbers(room: Float64Array, values: readonly unknown[]): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'number') return false;
    room[i] = value;
  }
  return true;
}

/** The numbers as they lie in the payload, not copied. */
export function decodeNumbers(kind: number, rows: number, input: ByteReader): ArrayLike<number> {
  return kind === COLUMN.INTEGERS ? input.int32s(rows) : input.float64s(rows);
}
