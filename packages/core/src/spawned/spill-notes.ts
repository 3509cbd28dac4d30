import { SPILL_TEXT_KINDS, spillParts } from '../spill.js';

/** Where the texts of some entries are: they follow one another. */
function textOf(
  parts: ReturnType<typeof spillParts>,
  from: number,
  to: number,
): [begin: number, end: number] {
  let begin = -1;
  let end = 0;
  for (let at = from; at < to; at++) {
    if (!SPILL_TEXT_KINDS.has(parts.kinds[at] as number)) continue;
    const first = parts.numbers[at] as number;
    if (begin < 0) begin = first;
    end = first + (parts.lengths[at] as number);
  }
  return begin < 0 ? [0, 0] : [begin, end];
}

/** The entries [from, to) of a spill, to be sent to where there is no memory to share. */
export function packSpill(spill: ArrayBuffer, from: number, to: number): Uint8Array {
  const parts = spillParts(spill);
  const [begin, end] = textOf(parts, from, to);
  const pieces = [
    Int32Array.of(begin, end),
    parts.numbers.slice(from, to),
    parts.lengths.slice(from, to),
    parts.indices.slice(from, to),
    parts.kinds.slice(from, to),
    parts.text.slice(begin, end),
  ];
  return Buffer.concat(pieces.map(({ buffer }) => new Uint8Array(buffer)));
}

/** Puts what `packSpill` gave into a spill of one's own. What does not fit is not believed: false. */
export function unpackSpill(
  spill: ArrayBuffer,
  { from, to }: { from: number; to: number },
  packed: Uint8Array,
): boolean {
  const parts = spillParts(spill);
  // WHY a copy: numbers must lie at addresses of their kind.
  const bytes = new Uint8Array(packed).buffer;
  const count = to - from;
  const [begin = 0, end = 0] = new Int32Array(bytes, 0, 2);
  const isSound =
    from >= 0 &&
    to <= parts.kinds.length &&
    begin >= 0 &&
    end >= begin &&
    end <= parts.text.length &&
    packed.byteLength === 8 + count * BYTES_PER_ENTRY + end - begin;
  if (!isSound) return false;
  let at = 8;
  parts.numbers.set(new Float64Array(bytes, at, count), from);
  at += count * 8;
  parts.lengths.set(new Int32Array(bytes, at, count), from);
  at += count * 4;
  parts.indices.set(new Int32Array(bytes, at, count), from);
  at += count * 4;
  parts.kinds.set(new Uint8Array(bytes, at, count), from);
  at += count;
  parts.text.set(new Uint8Array(bytes, at), begin);
  return true;
}

const BYTES_PER_ENTRY = 8 + 4 + 4 + 1;
