import { warnOnce } from './warn-once.js';

const IDLE_MS = 500;
/** A call with more chunks per lane than this may leave a lane idle at its end, but not for long. */
const FEW_CHUNKS_PER_LANE = 4;

interface Parts {
  /** The verb, as messages name it. */
  verb: string;
  length: number;
  /** As many as could run. */
  lanes: number;
  /** Items per chunk, as the call says. */
  chunk: number;
}

/** Calls of this thread that are watched. WHY counted: with several, a lane that one leaves idle may have another's chunk. */
let watched = 0;

/** Warns where lanes have nothing to do for half a second because the given `chunk` leaves too few chunks. */
export class IdleLanes {
  readonly #parts: Parts;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @returns undefined where no smaller chunk could make more of them */
  static of(parts: Parts): IdleLanes | undefined {
    const isCoarse = parts.length < parts.chunk * parts.lanes * FEW_CHUNKS_PER_LANE;
    return parts.chunk > 1 && parts.lanes > 1 && isCoarse ? new IdleLanes(parts) : undefined;
  }

  private constructor(parts: Parts) {
    this.#parts = parts;
    watched += 1;
  }

  /** @param busy lanes that have a chunk now, while none waits */
  saw(busy: number): void {
    if (busy === 0 || busy >= this.#parts.lanes) this.#clear();
    else this.#timer ??= setTimeout(() => this.#tell(busy), IDLE_MS).unref();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    watched -= 1;
    this.#clear();
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #tell(busy: number): void {
    if (watched > 1) return;
    const { verb, length, lanes, chunk } = this.#parts;
    const chunks = Math.ceil(length / chunk);
    warnOnce(
      'FORKMAP_IDLE_LANES',
      `${verb}: ${lanes - busy} of ${lanes} lanes have had nothing to do for half a second: chunk: ${chunk} makes only ` +
        `${chunks} of ${length} items. Better: leave chunk out, or chunk: ${Math.ceil(length / (lanes * FEW_CHUNKS_PER_LANE))}`,
    );
  }
}
