import type { ByteReader } from '../bytes/byte-reader.js';
import { dataProperty, plainKeys } from '../walk/plain.js';
import { representatives } from '../walk/representatives.js';
import { decodeColumn, encodeColumn, type Nest, nestWithin } from './column.js';
import { COLUMN } from './kinds.js';
import { isShape, jsonOf, shapeOf } from './shapes.js';

/** Fewer records are looked at one by one in less time. */
const WORTH_ASKING = 8;

/** Writes plain objects of one shape: their keys once, then a column per key. False if one has another shape. */
export function encodeRecords(records: readonly unknown[], nest: Nest): boolean {
  const { out } = nest;
  const keys = Object.getOwnPropertyNames(records[0]);
  if (!isShape(keys)) return false;
  const columns = takeColumns(records, keys);
  if (columns === undefined) return false;
  out.u8(COLUMN.RECORDS);
  const shape = jsonOf(keys);
  const shapeBytes = Buffer.byteLength(shape);
  out.u32(shapeBytes);
  out.utf8(shape, shapeBytes);
  const within = nestWithin(nest);
  for (let k = 0; k < columns.length; k++) {
    if (!encodeColumn(columns[k]!, within)) return false;
  }
  return true;
}

/** An array per key, of each record's value. Undefined if a record has another shape, or anything but plain data. */
function takeColumns(records: readonly unknown[], keys: readonly string[]): unknown[][] | undefined {
  if (records.length < WORTH_ASKING) return takeFromEach(records, keys);
  const rows = representatives(records);
  if (rows === undefined) return takeFromEach(records, keys);
  for (let i = 0; i < rows.length; i++) {
    if (takeFromEach([records[rows[i]!]], keys) === undefined) return undefined;
  }
  const columns: unknown[][] = [];
  for (let k = 0; k < keys.length; k++) {
    columns.push(takeColumn(records as Record<string, unknown>[], keys[k]!));
  }
  return columns;
}

/** Of records that are known to have the key as plain data. */
function takeColumn(records: readonly Record<string, unknown>[], key: string): unknown[] {
  const column = new Array<unknown>(records.length);
  for (let i = 0; i < records.length; i++) column[i] = records[i]![key];
  return column;
}

/** The same, looking at every property of every record. */
function takeFromEach(records: readonly unknown[], keys: readonly string[]): unknown[][] | undefined {
  const columns: unknown[][] = keys.map(() => []);
  const width = keys.length;
  for (let i = 0; i < records.length; i++) {
    const record = records[i] as object;
    const names = plainKeys(record);
    if (names === undefined || names.length !== width) return undefined;
    for (let k = 0; k < width; k++) {
      const key = keys[k]!;
      const property = names[k] === key ? dataProperty(record, key) : undefined;
      if (property === undefined) return undefined;
      columns[k]![i] = property.value;
    }
  }
  return columns;
}

export function decodeRecords(rows: number, input: ByteReader): object[] {
  const shape = shapeOf(input.utf8(input.u32()));
  const columns: ArrayLike<unknown>[] = [];
  for (let k = 0; k < shape.keys.length; k++) columns.push(decodeColumn(rows, input));
  return shape.make(rows, columns);
}
