import { medianOf } from './median.js';

/** A chunk that came back well, in ms. */
export interface ChunkTimes {
  items: number;
  /** From asking for the fork until the child was reaped, or kept. */
  totalMs: number;
  /** What its items took in the child. */
  workMs: number;
  /** Its child was born for it, and not kept from an earlier chunk. */
  isBirth: boolean;
}

/** Forking, or handing a chunk to a child, may cost so much of the work. */
const FORK_SHARE = 0.05;
/** No chunk is cut so small that forking it is more than this of it. */
const LEAST_FORK_SHARE = 0.5;
/** A chunk takes at most so much of what is left, per lane, so that lanes finish together. */
const SHARE_OF_REST = 0.5;
const GUESSED_FORK_MS = 10;
const GUESSED_HANDING_MS = 0.3;
const PROBES_PER_LANE = 16;
const MAX_PROBE_ITEMS = 64;
/** A call that mostly forks is warned of after so many chunks… */
const TELLING_CHUNKS = 8;
/** …where its chunks will have forked for so long at its end… */
const TELLING_MS = 100;
/** …and that is this much of the time. */
const TELLING_SHARE = 0.5;

/** Measures chunks as they come back: how large the next should be, and what forking has cost. Times are medians. */
export class Pacer {
  readonly #lanes: number;
  readonly #chunkItems: number;
  readonly #probeItems: number;
  /** What births cost, and handing a chunk to a child that lives. */
  readonly #forkMs: number[] = [];
  readonly #handingMs: number[] = [];
  readonly #chunkMs: number[] = [];
  #itemMs = 0;
  #items = 0;
  #workMs = 0;

  /** @param cut as `Cut` */
  constructor(items: number, { lanes, chunkItems }: { lanes: number; chunkItems: number }) {
    this.#lanes = lanes;
    this.#chunkItems = chunkItems;
    this.#probeItems = clamp(Math.ceil(items / (lanes * PROBES_PER_LANE)), 1, MAX_PROBE_ITEMS);
  }

  saw({ items, totalMs, workMs, isBirth }: ChunkTimes): void {
    this.#items += items;
    this.#workMs += workMs;
    this.#chunkMs.push(workMs);
    (isBirth ? this.#forkMs : this.#handingMs).push(Math.max(0, totalMs - workMs));
    // WHY the newest: a child that runs many items is warmer than one that ran the first few.
    this.#itemMs = workMs / items;
  }

  /** A child was given a chunk after its first. */
  get hasKept(): boolean {
    return this.#handingMs.length > 0;
  }

  /**
   * Items for the next chunk of a lane when `left` are left, where lanes that end early split the chunks of others: as the
   * cut has them, or more where these would take no longer than handing them over.
   * @param isForked each chunk has a child of its own
   */
  itemsOfSplittable(left: number, isForked: boolean): number {
    const costMs = isForked ? medianOf(this.#forkMs) : (medianOf(this.#handingMs) ?? GUESSED_HANDING_MS);
    if (costMs === undefined || this.#chunkMs.length === 0) return this.#chunkItems;
    const most = Math.ceil((left / this.#lanes) * SHARE_OF_REST);
    return Math.max(
      this.#chunkItems,
      Math.min(Math.floor(itemsForShare(FORK_SHARE, costMs, this.#itemMs)), most),
    );
  }

  /**
   * Items for the next chunk of a lane when `left` are left, where chunks cannot be split: enough for handing them over to be
   * a small part of it, and otherwise ever smaller ones, so that no lane is left alone with a large one at the end.
   */
  nextItems(left: number): number {
    if (this.#chunkMs.length === 0) return Math.min(left, this.#probeItems, this.#chunkItems);
    const costMs = this.#costMs;
    const fairShare = Math.ceil(left / this.#lanes);
    const worthForking = Math.ceil(itemsForShare(FORK_SHARE, costMs, this.#itemMs));
    const share = Math.min(Math.ceil(fairShare * SHARE_OF_REST), this.#chunkItems);
    const wanted = clamp(worthForking, share, fairShare);
    // WHY a least: halves of what is left become ever smaller, and the last would cost more to fork than to run.
    const least = Math.ceil(itemsForShare(LEAST_FORK_SHARE, costMs, this.#itemMs));
    return Math.min(left, Math.max(1, wanted, least));
  }

  /** What it costs to have a child: its fork, birth and end. A guess before there was one. */
  get forkMs(): number {
    return medianOf(this.#forkMs) ?? GUESSED_FORK_MS;
  }

  /** So many items per chunk that forking is a small part of the work and all lanes have some. Undefined: not known. */
  best(items: number): number | undefined {
    if (this.#chunkMs.length === 0) return undefined;
    return Math.min(
      roundUp(itemsForShare(FORK_SHARE, this.#costMs, this.#meanItemMs)),
      Math.ceil(items / this.#lanes),
    );
  }

  /**
   * Where a call mostly forks: how much, and what would be better.
   * @param chunks how many it has in all, of `chunkItems` each
   */
  complaint({ chunks, chunkItems }: { chunks: number; chunkItems: number }): string | undefined {
    const forkMs = this.forkMs;
    const workMs = medianOf(this.#chunkMs) ?? 0;
    const share = forkMs / (forkMs + workMs);
    const isTold = this.#forkMs.length >= TELLING_CHUNKS && forkMs * chunks >= TELLING_MS;
    if (!isTold || share < TELLING_SHARE) return undefined;
    const better = roundUp(itemsForShare(2 * FORK_SHARE, forkMs, this.#meanItemMs));
    return (
      `forking takes ${(share * 100).toFixed(0)}% of the children's time: ${forkMs.toFixed(1)} ms for each chunk of ` +
      `${chunkItems} items, which takes ${workMs.toFixed(1)} ms. ` +
      `Better: leave chunk out, chunk: ${better}, or isolation: 'auto'`
    );
  }

  get #costMs(): number {
    return medianOf(this.#handingMs) ?? this.forkMs;
  }

  get #meanItemMs(): number {
    return this.#workMs / this.#items;
  }
}

/** So many items in a chunk that what it costs besides is `share` of the whole. */
function itemsForShare(share: number, costMs: number, itemMs: number): number {
  if (itemMs <= 0) return Number.MAX_SAFE_INTEGER;
  return (costMs * (1 - share)) / (share * itemMs);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

/** To two digits: a recommendation is no more exact. */
function roundUp(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}
