import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { DecodeError } from '../errors.js';
import { COLUMN } from './kinds.js';

/** Units of all strings of a column together: as far as their ends can be written. */
const MAX_UNITS = 2 ** 32 - 1;

/** Up to this many units, strings are joined, so that all of them are copied at once. */
const MAX_JOINED_UNITS = 2 ** 26;

/** From this length on, on average, each string is made for itself, so that no small one keeps all others in memory. */
const LONG_UNITS = 128;

/** Writes a column of strings: where each ends, then all of them in one piece. False if one is not a string. */
export function encodeStrings(values: readonly unknown[], out: ByteWriter): boolean {
  const kindAt = out.length;
  out.u8(COLUMN.ASCII);
  const ends = out.uint32s(values.length);
  let units = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'string') return false;
    units += value.length;
    ends[i] = units;
  }
  if (units > MAX_UNITS) return false;
  const pieces = units <= MAX_JOINED_UNITS ? [values.join('')] : (values as string[]);
  const isAscii = pieces.every((piece) => Buffer.byteLength(piece, 'utf8') === piece.length);
  if (!isAscii) out.patch(kindAt, COLUMN.UTF16);
  for (const piece of pieces) {
    if (isAscii) out.ascii(piece);
    else out.utf16(piece);
  }
  return true;
}

/** Reads a column that can only be one of strings, its kind included. */
export function decodeStringColumn(rows: number, input: ByteReader): string[] {
  const kind = input.u8();
  if (kind !== COLUMN.ASCII && kind !== COLUMN.UTF16) throw new DecodeError('expected a column of strings');
  return decodeStrings(kind, rows, input);
}

export function decodeStrings(kind: number, rows: number, input: ByteReader): string[] {
  const ends = input.uint32s(rows);
  const units = rows === 0 ? 0 : ends[rows - 1]!;
  if (units > rows * LONG_UNITS || units > MAX_JOINED_UNITS) return decodeEach(kind, ends, input);
  const text = kind === COLUMN.ASCII ? input.ascii(units) : input.utf16(units);
  const values = new Array<string>(rows);
  let start = 0;
  for (let i = 0; i < rows; i++) {
    const end = ends[i]!;
    if (end < start) throw new DecodeError('expected strings in order');
    values[i] = text.slice(start, end);
    start = end;
  }
  return values;
}

function decodeEach(kind: number, ends: Uint32Array, input: ByteReader): string[] {
  const values = new Array<string>(ends.length);
  let start = 0;
  for (let i = 0; i < ends.length; i++) {
    const units = ends[i]! - start;
    if (units < 0) throw new DecodeError('expected strings in order');
    values[i] = kind === COLUMN.ASCII ? input.ascii(units) : input.utf16(units);
    start += units;
  }
  return values;
}
