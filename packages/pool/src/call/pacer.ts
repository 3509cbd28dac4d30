/** A chunk that came back well, in ms. */
export interface ChunkTimes {
  items: number;
  /** From asking for the fork until the child was reaped. */
  totalMs: number;
  /** What its items took in the child. */
  workMs: number;
}

/** Forking may cost so much of the work. */
const FORK_SHARE = 0.05;
/** No chunk is cut so small that forking it is more than this of it. */
const LEAST_FORK_SHARE = 0.5;
/** A chunk takes at most so much of what is left, per lane, so that lanes finish together. */
const SHARE_OF_REST = 0.5;
const GUESSED_FORK_MS = 10;
const PROBES_PER_LANE = 16;
const MAX_PROBE_ITEMS = 64;
/** A call says that it mostly forked only where that took so long… */
const TELLING_MS = 250;
const TELLING_CHUNKS = 16;
/** …and this much of the time. */
const TELLING_SHARE = 0.5;

/** Measures chunks as they come back: how large the next should be, and what forking has cost. Times are medians. */
export class Pacer {
  readonly #lanes: number;
  readonly #probeItems: number;
  #forkMs: number[] = [];
  #itemMs = 0;
  #items = 0;
  #chunks = 0;
  #totalMs = 0;
  #workMs = 0;

  constructor(items: number, lanes: number) {
    this.#lanes = lanes;
    this.#probeItems = clamp(Math.ceil(items / (lanes * PROBES_PER_LANE)), 1, MAX_PROBE_ITEMS);
  }

  saw({ items, totalMs, workMs }: ChunkTimes): void {
    this.#chunks += 1;
    this.#items += items;
    this.#totalMs += totalMs;
    this.#workMs += workMs;
    this.#forkMs.push(Math.max(0, totalMs - workMs));
    // WHY the newest: a child that runs many items is warmer than one that ran the first few.
    this.#itemMs = workMs / items;
  }

  /**
   * Items for the next chunk of a lane when `left` are left: enough for forking to be a small part of it, and otherwise
   * ever smaller ones, so that no lane is left alone with a large one at the end.
   */
  nextItems(left: number): number {
    if (this.#chunks === 0) return Math.min(left, this.#probeItems);
    const fairShare = Math.ceil(left / this.#lanes);
    const worthForking = Math.ceil(this.#itemsForShare(FORK_SHARE, this.#itemMs));
    const wanted = clamp(worthForking, Math.ceil(fairShare * SHARE_OF_REST), fairShare);
    // WHY a least: halves of what is left become ever smaller, and the last would cost more to fork than to run.
    const least = Math.ceil(this.#itemsForShare(LEAST_FORK_SHARE, this.#itemMs));
    return Math.min(left, Math.max(1, wanted, least));
  }

  /** What it costs to have a child: its fork, birth and end. A guess before there was one. */
  get forkMs(): number {
    return this.#chunks === 0 ? GUESSED_FORK_MS : median(this.#forkMs);
  }

  /** So many items per chunk that forking is a small part of the work and all lanes have some. Undefined: not known. */
  best(items: number): number | undefined {
    if (this.#chunks === 0) return undefined;
    return Math.min(
      roundUp(this.#itemsForShare(FORK_SHARE, this.#meanItemMs)),
      Math.ceil(items / this.#lanes),
    );
  }

  /** Where a call mostly forked: how much, and what would have been better. */
  complaint(chunkItems: number): string | undefined {
    const forkMs = this.#totalMs - this.#workMs;
    const share = forkMs / this.#totalMs;
    if (this.#chunks < TELLING_CHUNKS || forkMs < TELLING_MS || share < TELLING_SHARE) return undefined;
    const better = roundUp(this.#itemsForShare(2 * FORK_SHARE, this.#meanItemMs));
    const mean = (forkMs / this.#chunks).toFixed(1);
    return (
      `forking took ${(share * 100).toFixed(0)}% of the children's time: ${mean} ms for each of ${this.#chunks} chunks ` +
      `of ${chunkItems} items, which took ${(this.#workMs / this.#chunks).toFixed(1)} ms. ` +
      `Better: chunk: ${better}, chunk: 'auto', or isolation: 'lane'`
    );
  }

  /** So many items in a chunk that forking is `share` of the whole. */
  #itemsForShare(share: number, itemMs: number): number {
    if (itemMs <= 0) return Number.MAX_SAFE_INTEGER;
    return (median(this.#forkMs) * (1 - share)) / (share * itemMs);
  }

  get #meanItemMs(): number {
    return this.#workMs / this.#items;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** To two digits: a recommendation is no more exact. */
function roundUp(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}
