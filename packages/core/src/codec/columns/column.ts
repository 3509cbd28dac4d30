import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { viewKind } from '../bytes/views.js';
import { DecodeError } from '../errors.js';
import { decodeBinary, encodeBinary } from './binary.js';
import { decodeDates, encodeDates } from './dates.js';
import { COLUMN } from './kinds.js';
import { decodeArrays, decodeMaps, decodeSets, encodeArrays, encodeMaps, encodeSets } from './lists.js';
import { decodeNumbers, encodeNumbers } from './numbers.js';
import { decodeOptional, encodeOptional } from './optional.js';
import { decodeMixed, decodeSingletons, encodeMixed, encodeSingletons } from './primitives.js';
import { decodeRecords, encodeRecords } from './records.js';
import { decodeStrings, encodeStrings } from './strings.js';

/** Columns within columns: deeper values are sent in another way. */
const MAX_NESTING = 12;

/** Where a column is written, and within what. */
export interface Nest {
  out: ByteWriter;
  /** Columns around this one. */
  depth: number;
  /**
   * The objects in columns within others. INVARIANT: none is there twice, because columns would make two of it. The
   * results themselves are not in here: one that holds itself is found when it is there for the second time.
   */
  seen: Set<unknown>;
}

/**
 * Writes a column: the values of one place in many results, of one type if possible. False if it cannot be written
 * exactly in this way; what was written until then means nothing.
 *
 * INVARIANT: each row takes at least one byte, in every kind of column, and these are read before anything is made for
 * the rows, so that no count that a payload claims can ask for more memory than the payload has taken.
 */
export function encodeColumn(values: readonly unknown[], nest: Nest): boolean {
  const { out } = nest;
  const start = out.length;
  const first = firstPresent(values);
  switch (typeof first) {
    case 'undefined':
      return encodeSingletons(values, out);
    case 'object':
      return encodeObjects(values, first as object, nest);
    case 'number':
      if (encodeNumbers(values, out)) return true;
      break;
    case 'string':
      if (encodeStrings(values, out)) return true;
      break;
    case 'boolean':
      if (encodeSingletons(values, out)) return true;
      break;
    case 'bigint':
      break;
    default:
      return false;
  }
  out.rewind(start);
  return encodeMixed(values, out);
}

function firstPresent(values: readonly unknown[]): unknown {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function encodeObjects(values: readonly unknown[], first: object, nest: Nest): boolean {
  if (values.includes(null) || values.includes(undefined)) return encodeOptional(values, nest);
  if (nest.depth > MAX_NESTING) return false;
  if (nest.depth > 0 && !areAllNew(values, nest.seen)) return false;
  const prototype: object | null = Object.getPrototypeOf(first);
  if (prototype === Object.prototype) return encodeRecords(values, nest);
  if (prototype === Array.prototype) return encodeArrays(values, nest);
  if (prototype === Date.prototype) return encodeDates(values, nest.out);
  if (prototype === Map.prototype) return encodeMaps(values, nest);
  if (prototype === Set.prototype) return encodeSets(values, nest);
  const kind = viewKind(prototype);
  return kind !== undefined && encodeBinary(values, kind, nest.out);
}

function areAllNew(values: readonly unknown[], seen: Set<unknown>): boolean {
  const expected = seen.size + values.length;
  for (let i = 0; i < values.length; i++) seen.add(values[i]);
  return seen.size === expected;
}

/** The nest of columns within this one. */
export function nestWithin(nest: Nest): Nest {
  return { out: nest.out, seen: nest.seen, depth: nest.depth + 1 };
}

/**
 * Reads a column.
 * @returns as many values as `rows`; numbers may still lie in the payload
 */
export function decodeColumn(rows: number, input: ByteReader): ArrayLike<unknown> {
  const kind = input.u8();
  switch (kind) {
    case COLUMN.INTEGERS:
    case COLUMN.NUMBERS:
      return decodeNumbers(kind, rows, input);
    case COLUMN.SINGLETONS:
      return decodeSingletons(rows, input);
    case COLUMN.ASCII:
    case COLUMN.UTF16:
      return decodeStrings(kind, rows, input);
    case COLUMN.MIXED:
      return decodeMixed(rows, input);
    case COLUMN.OPTIONAL:
      return decodeOptional(rows, input);
    case COLUMN.RECORDS:
      return decodeRecords(rows, input);
    case COLUMN.ARRAYS:
      return decodeArrays(rows, input);
    case COLUMN.MAPS:
      return decodeMaps(rows, input);
    case COLUMN.SETS:
      return decodeSets(rows, input);
    case COLUMN.DATES:
      return decodeDates(rows, input);
    case COLUMN.BINARY:
      return decodeBinary(rows, input);
    default:
      throw new DecodeError(`unknown kind ${kind} of a column`);
  }
}
