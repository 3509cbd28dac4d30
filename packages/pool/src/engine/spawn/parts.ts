import { type CodecOptions, encodeResults, makeMessage, UnsendableError } from '@forkmap/core/internal';
import type { Range } from '../../call/chunks.js';
import type { ItemsRead } from '../../recipe/made.js';
import type { ChunkHeader, PartHeader } from './program.js';

interface Setting {
  lists: readonly ArrayLike<unknown>[];
  codec: CodecOptions;
}

const textEncoder = new TextEncoder();

/** The items of a chunk, encoded: a payload for each part. */
export interface EncodedItems {
  parts: PartHeader[];
  payloads: Uint8Array[];
}

/** Encodes the items of a chunk; or tells which of its items cannot be sent. */
export function encodeItems(
  { start, end }: Range,
  reads: readonly ItemsRead[],
  { lists, codec }: Setting,
): EncodedItems | { unsendable: { index: number; error: unknown } } {
  const parts: PartHeader[] = [];
  const payloads: Uint8Array[] = [];
  for (const part of reads) {
    const values = valuesOf(part);
    parts.push({ list: lists.indexOf(part.list), start: part.start, count: values.length });
    try {
      payloads.push(encodeResults(values, codec));
    } catch (error) {
      if (!(error instanceof UnsendableError)) throw error;
      // WHY the first otherwise: which item of the chunk needs it is not known; it does not begin without all.
      const isThatOfTheItems = part.start === start && part.end === end;
      return { unsendable: { index: start + (isThatOfTheItems ? error.index : 0), error } };
    }
  }
  return { parts, payloads };
}

/** The messages by which a process is given a chunk: its header, then a message for each part. */
export function chunkMessages(header: ChunkHeader, payloads: readonly Uint8Array[]): Uint8Array[] {
  return [textEncoder.encode(JSON.stringify(header)), ...payloads].map(makeMessage);
}

/** WHY a typed array is one value: its bytes go as they are. */
function valuesOf({ list, start, end }: ItemsRead): unknown[] {
  if (ArrayBuffer.isView(list)) return [(list as unknown as Uint8Array).subarray(start, end)];
  return Array.prototype.slice.call(list, start, end);
}
