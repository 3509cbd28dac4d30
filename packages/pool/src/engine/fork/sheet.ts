import { has, native } from '@forkmap/core/internal';
import type { SysError } from '@forkmap/native';
import type { CheckedParMapOptions } from '../../options.js';

/** Fewer, of fewer children, are sent faster than a sheet is made. */
const MIN_ITEMS = 256;
/** WHY: what it takes to encode and send a first result is paid by each child. */
const MIN_CHILDREN = 16;
/** WHY a bound: every result that is no number leaves its place in the sheet empty. */
const MAX_ITEMS = 2 ** 24;
/** A sheet is kept for the next call, with its pages where it has no more bytes than this. */
const KEPT_BYTES = 2 ** 24;
const MOST_IDLE = 4;
const LEAST_BYTES = 2 ** 12;

/**
 * Memory of earlier calls. WHY kept: what is not used again is only let go of by the collector, until which there is a
 * mapping per call; and a page that is there is written to in a third of the time. WHY the pid: what a child inherits is
 * shared with the origin, and not its own.
 */
let idle: { pid: number; buffers: ArrayBuffer[] } = { pid: 0, buffers: [] };

function idleBuffers(): ArrayBuffer[] {
  if (idle.pid !== process.pid) idle = { pid: process.pid, buffers: [] };
  return idle.buffers;
}

/** Of a size that is a power of two. */
function takeBuffer(bytes: number): ArrayBuffer | SysError {
  const size = Math.max(LEAST_BYTES, 2 ** Math.ceil(Math.log2(bytes)));
  const buffers = idleBuffers();
  const at = buffers.findIndex(({ byteLength }) => byteLength === size);
  return at < 0 ? native().shareMemory(size, false) : (buffers.splice(at, 1)[0] as ArrayBuffer);
}

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
  const buffer = takeBuffer(items * Float64Array.BYTES_PER_ELEMENT);
  // WHY not cleared: only what a child has put there is read.
  return has(buffer, 'errno') ? undefined : new Float64Array(buffer, 0, items);
}

/** Nothing may use it any more. */
export function freeSheet(sheet: Float64Array | undefined): void {
  if (!sheet) return;
  const buffer = sheet.buffer as ArrayBuffer;
  const buffers = idleBuffers();
  if (buffer.byteLength > KEPT_BYTES || buffers.length >= MOST_IDLE) native().clearMemory(buffer);
  if (buffers.length < MOST_IDLE) buffers.push(buffer);
}
