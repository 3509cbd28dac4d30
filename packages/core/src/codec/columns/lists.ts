import { types } from 'node:util';
import type { ByteReader } from '../bytes/byte-reader.js';
import { isBare, isPlainArray, prototypeOf } from '../walk/plain.js';
import { decodeColumn, encodeColumn, type Nest, nestWithin } from './column.js';
import { COLUMN } from './kinds.js';

/** Writes a column of arrays: their lengths, then one column of all elements. False if one has holes or named keys. */
export function encodeArrays(arrays: readonly unknown[], nest: Nest): boolean {
  nest.out.u8(COLUMN.ARRAYS);
  const lengths = nest.out.uint32s(arrays.length);
  for (let i = 0; i < arrays.length; i++) {
    const array = arrays[i];
    if (!isPlainArray(array)) return false;
    lengths[i] = array.length;
  }
  const elements = concatenate(arrays as unknown[][]);
  return elements !== undefined && encodeColumn(elements, nestWithin(nest));
}

/** All elements in one array. Undefined if there is a hole. */
function concatenate(arrays: readonly unknown[][]): readonly unknown[] | undefined {
  // Only one that may be large is not copied.
  if (arrays.length === 1) return hasHoles(arrays[0]!) ? undefined : arrays[0]!;
  const elements: unknown[] = [];
  for (let i = 0; i < arrays.length; i++) {
    const array = arrays[i]!;
    if (hasHoles(array)) return undefined;
    for (let j = 0; j < array.length; j++) elements.push(array[j]);
  }
  return elements;
}

function hasHoles(array: unknown[]): boolean {
  for (let i = 0; i < array.length; i++) if (array[i] === undefined && !Object.hasOwn(array, i)) return true;
  return false;
}

export function decodeArrays(rows: number, input: ByteReader): unknown[][] {
  const lengths = input.uint32s(rows);
  const elements = decodeColumn(sumOf(lengths), input);
  if (rows === 1 && Array.isArray(elements)) return [elements];
  const arrays = new Array<unknown[]>(rows);
  let at = 0;
  for (let i = 0; i < rows; i++) {
    const array = new Array<unknown>(lengths[i]!);
    for (let j = 0; j < array.length; j++) array[j] = elements[at++];
    arrays[i] = array;
  }
  return arrays;
}

/** Writes a column of Maps: their sizes, then a column of all keys and one of all values. */
export function encodeMaps(maps: readonly unknown[], nest: Nest): boolean {
  nest.out.u8(COLUMN.MAPS);
  const sizes = nest.out.uint32s(maps.length);
  const keys: unknown[] = [];
  const values: unknown[] = [];
  for (let i = 0; i < maps.length; i++) {
    const map = maps[i];
    if (prototypeOf(map) !== Map.prototype || !types.isMap(map) || !isBare(map)) return false;
    sizes[i] = map.size;
    for (const [key, value] of map) {
      keys.push(key);
      values.push(value);
    }
  }
  const within = nestWithin(nest);
  return encodeColumn(keys, within) && encodeColumn(values, within);
}

export function decodeMaps(rows: number, input: ByteReader): Map<unknown, unknown>[] {
  const sizes = input.uint32s(rows);
  const total = sumOf(sizes);
  const keys = decodeColumn(total, input);
  const values = decodeColumn(total, input);
  const maps = new Array<Map<unknown, unknown>>(rows);
  let at = 0;
  for (let i = 0; i < rows; i++) {
    const map = new Map<unknown, unknown>();
    for (const end = at + sizes[i]!; at < end; at++) map.set(keys[at], values[at]);
    maps[i] = map;
  }
  return maps;
}

/** Writes a column of Sets: their sizes, then a column of all members. */
export function encodeSets(sets: readonly unknown[], nest: Nest): boolean {
  nest.out.u8(COLUMN.SETS);
  const sizes = nest.out.uint32s(sets.length);
  const members: unknown[] = [];
  for (let i = 0; i < sets.length; i++) {
    const set = sets[i];
    if (prototypeOf(set) !== Set.prototype || !types.isSet(set) || !isBare(set)) return false;
    sizes[i] = set.size;
    for (const member of set) members.push(member);
  }
  return encodeColumn(members, nestWithin(nest));
}

export function decodeSets(rows: number, input: ByteReader): Set<unknown>[] {
  const sizes = input.uint32s(rows);
  const members = decodeColumn(sumOf(sizes), input);
  const sets = new Array<Set<unknown>>(rows);
  let at = 0;
  for (let i = 0; i < rows; i++) {
    const set = new Set<unknown>();
    for (const end = at + sizes[i]!; at < end; at++) set.add(members[at]);
    sets[i] = set;
  }
  return sets;
}

function sumOf(counts: Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  return sum;
}
