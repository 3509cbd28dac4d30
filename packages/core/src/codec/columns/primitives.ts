import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { DecodeError } from '../errors.js';
import { COLUMN } from './kinds.js';
import { decodeStringColumn, encodeStrings } from './strings.js';

/** What a tag of less than 4 stands for. */
const SINGLETONS = [undefined, null, false, true] as const;
const NUMBER = 4;
const STRING = 5;
const BIGINT = 6;

function singletonTag(value: unknown): number | undefined {
  if (value === undefined) return 0;
  if (value === null) return 1;
  if (value === false) return 2;
  return value === true ? 3 : undefined;
}

/** Writes a column of `undefined`, `null` and booleans: a byte each. False if one is something else. */
export function encodeSingletons(values: readonly unknown[], out: ByteWriter): boolean {
  out.u8(COLUMN.SINGLETONS);
  const tags = out.uint8s(values.length);
  for (let i = 0; i < values.length; i++) {
    const tag = singletonTag(values[i]);
    if (tag === undefined) return false;
    tags[i] = tag;
  }
  return true;
}

export function decodeSingletons(rows: number, input: ByteReader): unknown[] {
  const tags = input.uint8s(rows);
  const values = new Array<unknown>(rows);
  for (let i = 0; i < rows; i++) {
    const tag = tags[i]!;
    if (tag >= SINGLETONS.length) throw new DecodeError(`unknown tag ${tag} of a value`);
    values[i] = SINGLETONS[tag];
  }
  return values;
}

/**
 * Writes a column of primitives of any type: a tag each, then all numbers, then all strings with the bigints among
 * them. False if one is an object, a function or a symbol.
 */
export function encodeMixed(values: readonly unknown[], out: ByteWriter): boolean {
  out.u8(COLUMN.MIXED);
  const tags = new Uint8Array(values.length);
  const numbers: number[] = [];
  const strings: string[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'number') {
      tags[i] = NUMBER;
      numbers.push(value);
    } else if (typeof value === 'string') {
      tags[i] = STRING;
      strings.push(value);
    } else if (typeof value === 'bigint') {
      tags[i] = BIGINT;
      strings.push(value.toString(16));
    } else {
      const tag = singletonTag(value);
      if (tag === undefined) return false;
      tags[i] = tag;
    }
  }
  out.u32(numbers.length);
  out.u32(strings.length);
  out.uint8s(tags.length).set(tags);
  out.float64s(numbers.length).set(numbers);
  return encodeStrings(strings, out);
}

export function decodeMixed(rows: number, input: ByteReader): unknown[] {
  const numberCount = input.u32();
  const stringCount = input.u32();
  const tags = input.uint8s(rows);
  const numbers = input.float64s(numberCount);
  const strings = decodeStringColumn(stringCount, input);
  const values = new Array<unknown>(rows);
  let numbersUsed = 0;
  let stringsUsed = 0;
  for (let i = 0; i < rows; i++) {
    const tag = tags[i]!;
    if (tag === NUMBER) values[i] = numbers[numbersUsed++];
    else if (tag === STRING) values[i] = strings[stringsUsed++];
    else if (tag === BIGINT) values[i] = parseBigInt(strings[stringsUsed++]);
    else if (tag < SINGLETONS.length) values[i] = SINGLETONS[tag];
    else throw new DecodeError(`unknown tag ${tag} of a value`);
  }
  if (numbersUsed !== numberCount || stringsUsed !== stringCount) {
    throw new DecodeError('expected as many numbers and strings as there are tags of them');
  }
  return values;
}

/** Reads hexadecimal digits. WHY hexadecimal: both directions take linear time. */
export function parseBigInt(digits: string | undefined): bigint {
  if (digits === undefined) throw new DecodeError('expected the digits of a bigint');
  return digits.startsWith('-') ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
}
