import type { ByteReader } from '../bytes/byte-reader.js';
import { DecodeError } from '../errors.js';
import { decodeColumn, encodeColumn, type Nest } from './column.js';
import { COLUMN } from './kinds.js';

/** What a byte of presence says; 0 is `undefined`. */
const NULL = 1;
const PRESENT = 2;

/** Writes a column in which some rows are `undefined` or `null`: a byte for each row, then a column of the others. */
export function encodeOptional(values: readonly unknown[], nest: Nest): boolean {
  const { out } = nest;
  out.u8(COLUMN.OPTIONAL);
  const presence = new Uint8Array(values.length);
  const present: unknown[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === undefined) continue;
    presence[i] = value === null ? NULL : PRESENT;
    if (value !== null) present.push(value);
  }
  out.u32(present.length);
  out.uint8s(values.length).set(presence);
  return encodeColumn(present, nest);
}

export function decodeOptional(rows: number, input: ByteReader): unknown[] {
  const presentRows = input.u32();
  if (presentRows >= rows) throw new DecodeError(`expected less than ${rows} rows, received ${presentRows}`);
  const presence = input.uint8s(rows);
  const present = decodeColumn(presentRows, input);
  const values = new Array<unknown>(rows);
  let used = 0;
  for (let i = 0; i < rows; i++) {
    if (presence[i] === PRESENT) values[i] = present[used++];
    else values[i] = presence[i] === NULL ? null : undefined;
  }
  if (used !== presentRows) throw new DecodeError(`expected ${presentRows} values, received ${used}`);
  return values;
}
