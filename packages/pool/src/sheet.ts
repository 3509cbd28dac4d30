import { native } from '@forkmap/core/internal';
import type { CheckedParMapOptions } from './options.js';

/** Fewer, of fewer children, are sent faster than a sheet is made. */
const MIN_ITEMS = 256;
/** WHY: what it takes to encode and send a first result is paid by each child. */
const MIN_CHILDREN = 16;
/** WHY a bound: every result that is no number leaves its place in the sheet empty. */
const MAX_ITEMS = 2 ** 24;

/**
 * Shared memory with a number per item, to which children write results that are numbers: nothing is sent of them.
 * @returns undefined where it is not worth it, or not to be had, or where numbers are not just numbers
 */
export function makeSheet(
  items: number,
  children: number,
  { types, maxResultBytes }: Pick<CheckedParMapOptions, 'types' | 'maxResultBytes'>,
): Float64Array | undefined {
  // WHY not with types: a reducer is asked of every value, numbers too.
  if (items === 0 || items > MAX_ITEMS || types || maxResultBytes < Float64Array.BYTES_PER_ELEMENT)
    return undefined;
  if (items < MIN_ITEMS && children < MIN_CHILDREN) return undefined;
  const buffer = native().shareMemory(items * Float64Array.BYTES_PER_ELEMENT);
  return 'errno' in buffer ? undefined : new Float64Array(buffer);
}

/** Nothing may read it any more. */
export function freeSheet(sheet: Float64Array | undefined): void {
  if (sheet) native().unshareMemory(sheet.buffer as ArrayBuffer);
}
