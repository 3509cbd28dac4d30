import { readSync } from 'node:fs';

const BLOCK_BYTES = 2 ** 20;
const NEWLINE = 10;

/** A line of a file: where it begins, and its first bytes. */
export interface LineHead {
  start: number;
  /** Up to `headBytes`, valid until the next line. */
  head: Buffer;
}

/**
 * Tells of each line of a file, in memory that does not grow with the file or with a line.
 * @param headBytes so many bytes of each line are told
 * @returns where the last whole line ends: what follows is torn
 */
export function scanLines(fd: number, headBytes: number, tell: (line: LineHead) => void): number {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  const carried = Buffer.allocUnsafe(headBytes);
  let carriedBytes = 0;
  let start = 0;
  for (let base = 0; ; ) {
    const bytes = readSync(fd, block, 0, BLOCK_BYTES, base);
    if (bytes === 0) return start;
    let at = 0;
    for (;;) {
      const found = block.subarray(0, bytes).indexOf(NEWLINE, at);
      const end = found === -1 ? bytes : found;
      let head = block.subarray(at, Math.min(end, at + headBytes));
      // WHY: a line may begin in one block and go on in the next, or in many.
      if (carriedBytes > 0 || found === -1) {
        carriedBytes += head.copy(carried, carriedBytes);
        head = carried.subarray(0, carriedBytes);
      }
      if (found === -1) break;
      tell({ start, head });
      carriedBytes = 0;
      at = found + 1;
      start = base + at;
    }
    base += bytes;
  }
}

/** Reads single lines of a file; those that are near the last one need no further look at it. */
export class LineReader {
  readonly #fd: number;
  #block = Buffer.alloc(0);
  #base = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** The line that begins there, without its end. */
  lineAt(start: number): Buffer {
    for (let wanted = BLOCK_BYTES / 4; ; wanted *= 4) {
      const at = start - this.#base;
      const isInBlock = at >= 0 && at < this.#block.length;
      const end = isInBlock ? this.#block.indexOf(NEWLINE, at) : -1;
      if (end !== -1) return this.#block.subarray(at, end);
      const block = Buffer.allocUnsafe(wanted);
      const bytes = readSync(this.#fd, block, 0, wanted, start);
      this.#base = start;
      this.#block = block.subarray(0, bytes);
      if (bytes < wanted && !this.#block.includes(NEWLINE)) return this.#block;
    }
  }
}
