import { types } from 'node:util';
import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { isBare } from '../walk/plain.js';
import { COLUMN } from './kinds.js';

/** Writes a column of Dates: their times, NaN for invalid ones. False if one is not a plain Date. */
export function encodeDates(values: readonly unknown[], out: ByteWriter): boolean {
  out.u8(COLUMN.DATES);
  const times = out.float64s(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!types.isDate(value) || Object.getPrototypeOf(value) !== Date.prototype) return false;
    if (!isBare(value)) return false;
    times[i] = value.getTime();
  }
  return true;
}

export function decodeDates(rows: number, input: ByteReader): Date[] {
  const times = input.float64s(rows);
  const values = new Array<Date>(rows);
  for (let i = 0; i < rows; i++) values[i] = new Date(times[i]!);
  return values;
}
