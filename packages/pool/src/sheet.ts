import { native } from '@forkmap/core/internal';
import type { CheckedParMapOptions } from './options.js';

/** Fewer are sent faster than a sheet is made. */
const MIN_ITEMS = 256;
/** WHY a bound: every result that is no number leaves its place in the sheet empty. */
const MAX_ITEMS = 2 ** 24;

/**
 * Shared memory with a number per item, to which children write results that are numbers: nothing is sent of them.
 * @returns undefined where it is not worth it, or not to be had, or where numbers are not just numbers
 */
export function makeSheet(
  items: number,
  { types, maxResultBytes }: Pick<CheckedParMapOptions, 'types' | 'maxResultBytes'>,
): Float64Array | undefined {
  // WHY not with types: a reducer is asked of every value, numbers too.
  if (items < MIN_ITEMS || items > MAX_ITEMS || types || maxResultBytes < Float64Array.BYTES_PER_ELEMENT)
    return undefined;
  const buffer = native().shareMemory(items * Float64Array.BYTES_PER_ELEMENT);
  return 'errno' in buffer ? undefined : new Float64Array(buffer);
}

/** Nothing may read it any more. */
export function freeSheet(sheet: Float64Array | undefined): void {
  if (sheet) native().unshareMemory(sheet.buffer as ArrayBuffer);
}
