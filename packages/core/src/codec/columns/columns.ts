import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { DecodeError } from '../errors.js';
import { CODEC } from '../types.js';
import { decodeColumn, encodeColumn } from './column.js';

/**
 * Encodes a batch as a column, which is by far the fastest to decode. Undefined where values are too mixed for that,
 * or hold anything that columns do not send exactly; the batch must then go another way.
 */
export function encodeByColumns(values: readonly unknown[], maxBytes?: number): Uint8Array | undefined {
  const out = new ByteWriter(maxBytes, Math.ceil(values.length * bytesPerValue) + SPARE_BYTES);
  out.u8(CODEC.COLUMNS);
  out.u32(values.length);
  if (!encodeColumn(values, { out, depth: 0, seen: new Set() })) return undefined;
  const payload = out.finish();
  if (values.length > 0) bytesPerValue = payload.byteLength / values.length;
  return payload;
}

/** Of the batch before: most are like it. */
let bytesPerValue = 0;
/** A batch that is a little larger must not need twice the room. */
const SPARE_BYTES = 1024;

/** Decodes what `encodeByColumns` made. Throws whatever is wrong with it. */
export function decodeByColumns(payload: Uint8Array, count: number): unknown[] {
  const reader = new ByteReader(payload, 1);
  const rows = reader.u32();
  if (rows !== count) throw new DecodeError(`expected ${count} results, received ${rows}`);
  const values = decodeColumn(count, reader);
  reader.end();
  return Array.isArray(values) ? values : toArray(values);
}

// WHY not Array.from: it goes by the iterator, and takes ten times as long.
function toArray(values: ArrayLike<unknown>): unknown[] {
  const array = new Array<unknown>(values.length);
  for (let i = 0; i < values.length; i++) array[i] = values[i];
  return array;
}
