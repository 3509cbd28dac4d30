import { type CodecOptions, encodeResults, makeMessage, UnsendableError } from '@forkmap/core/internal';
import type { Range } from '../../call/chunks.js';
import type { ItemsRead } from '../../recipe/made.js';
import type { ChunkHeader, PartHeader } from './program.js';

interface Setting {
  lists: readonly ArrayLike<unknown>[];
  codec: CodecOptions;
}

const textEncoder = new TextEncoder();

/** What a process is told of a chunk, items included; or which of its items cannot be sent. */
export function encodeChunk(
  { start, end }: Range,
  reads: readonly ItemsRead[],
  { lists, codec }: Setting,
): Uint8Array[] | { unsendable: { index: number; error: unknown } } {
  const parts: PartHeader[] = [];
  const payloads: Uint8Array[] = [];
  for (const part of reads) {
    const values = valuesOf(part);
    parts.push({ list: lists.indexOf(part.list), start: part.start, count: values.length });
    try {
      payloads.push(makeMessage(encodeResults(values, codec)));
    } catch (error) {
      if (!(error instanceof UnsendableError)) throw error;
      // WHY the first otherwise: which item of the chunk needs it is not known; it does not begin without all.
      const isThatOfTheItems = part.start === start && part.end === end;
      return { unsendable: { index: start + (isThatOfTheItems ? error.index : 0), error } };
    }
  }
  const header: ChunkHeader = { start, end, parts };
  return [makeMessage(textEncoder.encode(JSON.stringify(header))), ...payloads];
}

/** WHY a typed array is one value: its bytes go as they are. */
function valuesOf({ list, start, end }: ItemsRead): unknown[] {
  if (ArrayBuffer.isView(list)) return [(list as unknown as Uint8Array).subarray(start, end)];
  return Array.prototype.slice.call(list, start, end);
}
