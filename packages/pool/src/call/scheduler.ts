import { has, toldItems } from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/native';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Driven } from '../engine/engine.js';
import type { CheckedParMapOptions } from '../options.js';
import { ChunkQueue, type Range } from './chunks.js';
import type { Cut } from './cut.js';
import { IdleLanes } from './idle-lanes.js';
import { Pacer } from './pacer.js';
import { Splitter } from './splitter.js';
import { Throttle } from './throttle.js';
import { warnOnce } from './warn-once.js';

/** How often a lane that has nothing to do looks whether a chunk is worth splitting by now. */
const SPLIT_LOOK_MS = 5;
/** What it costs to give a chunk to a child that lives. */
const TELLING_MS = 2;

interface Parts {
  verb: string;
  length: number;
  /** As many as the call may have, with a chunk or without. */
  lanes: number;
  cut: Cut;
  options: CheckedParMapOptions;
  /** Items from there on are not needed. */
  neededEnd: () => number;
  /** Runs a chunk. Resolves when its items are settled or put back, with how long its lane then has to wait, in ms. */
  run: (range: Range) => Promise<{ pauseMs: number }>;
  /** `run` has thrown. */
  fail: (error: unknown) => void;
  /** As of `CallParts`. */
  isHeld?: ((running: number) => boolean) | undefined;
  onDrained?: (() => void) | undefined;
}

/** Decides which chunk runs when: cuts the queue, keeps each lane busy, paces chunks, splits those that others wait for. */
export class Scheduler {
  readonly queue: ChunkQueue;
  readonly pacer: Pacer;
  readonly #parts: Parts;
  readonly #limit: LimitFunction;
  readonly #throttle: Throttle;
  /** Ranges assigned to a lane. */
  readonly #atWork = new Set<Range>();
  /** Ranges that are back from their lane, and are being taken in. */
  readonly #settling = new Set<Range>();
  #idleLanes: IdleLanes | undefined;
  #splitter: Splitter | undefined;
  #splitLook: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** Resolves `drain`; undefined before that has been called. */
  #idle: (() => void) | undefined;

  constructor(parts: Parts) {
    const { length, cut } = parts;
    this.#parts = parts;
    this.pacer = new Pacer(length, cut);
    this.queue = new ChunkQueue(length, (left) => this.#itemsFor(left));
    this.#limit = pLimit(cut.lanes);
    this.#throttle = new Throttle(this.#limit, cut.lanes);
  }

  /** Chunks at work now. */
  get running(): number {
    return this.#limit.activeCount;
  }

  /** No lane has a chunk. */
  get isIdle(): boolean {
    return this.#atWork.size === 0;
  }

  /** Every chunk is back from its lane, and none waits for one. */
  get isDrained(): boolean {
    return this.#atWork.size === 0 && this.queue.isEmpty;
  }

  /** @param board the slots of the lanes, on which children and this agree upon splits */
  open(board: ArrayBuffer): void {
    const { cut, options, verb, length, lanes } = this.#parts;
    if (cut.isSplittable) this.#splitter = new Splitter(board, cut.lanes, this.#atWork);
    const { chunk } = options;
    if (typeof chunk === 'number') this.#idleLanes = IdleLanes.of({ verb, length, lanes, chunk });
  }

  /** Begins chunks. Resolves when every item is settled, or `stop` was called and every chunk is back. */
  async drain(): Promise<void> {
    await new Promise<void>((idle) => {
      this.#idle = idle;
      this.#feed();
    });
  }

  /** To be called when results are taken again after `isHeld` was true. */
  resume(): void {
    if (this.#idle) this.#feed();
  }

  /** No further chunk begins, and none waits. */
  stop(): void {
    this.#isStopped = true;
    this.queue.clear();
    this.#throttle.end();
    this.resume();
  }

  /** No chunk is split any more. WHY: the board may be another call's soon. */
  close(): void {
    clearTimeout(this.#splitLook);
    this.#splitter = undefined;
    this.#idleLanes?.close();
  }

  /** The chunk is back from its lane. */
  returned(range: Range, driven: Driven): void {
    this.#settling.add(range);
    if (isComplete(driven, range)) this.#atWork.delete(range);
  }

  /** Each of the chunk's items is settled, or put back. */
  settled(range: Range): void {
    this.#atWork.delete(range);
    this.#settling.delete(range);
  }

  /** The chunk took so long, from its lane being asked. */
  timed({ isWhole, workMs, forkMs }: Outcome, { start, end }: Range, totalMs: number): void {
    if (!isWhole || workMs <= 0) return;
    this.pacer.saw({ items: end - start, totalMs, workMs, isBirth: forkMs > 0 });
    const { cut, options, verb } = this.#parts;
    const complaint = options.isolation === 'chunk' && cut.isExact ? this.pacer.complaint(cut) : undefined;
    if (complaint) warnOnce('FORKMAP_MOSTLY_FORKING', `${verb}: ${complaint}`);
  }

  /** Whether an item before this one may still be run or settled. Chunks from there on do not begin. */
  isPendingBefore(index: number): boolean {
    this.queue.truncate(index);
    return !this.queue.isEmpty || [...this.#atWork, ...this.#settling].some(({ start }) => start < index);
  }

  #itemsFor(left: number): number {
    const { cut, options } = this.#parts;
    if (cut.isExact) return cut.chunkItems;
    // WHY large chunks at once where they can be split: what turns out to take too long is split while it runs.
    if (cut.isSplittable) return this.pacer.itemsOfSplittable(left, options.isolation === 'chunk');
    return this.pacer.nextItems(left);
  }

  #feed(): void {
    const { isHeld, onDrained } = this.#parts;
    const { activeCount, pendingCount } = this.#limit;
    let begun = activeCount + pendingCount;
    while (!this.#isStopped && begun < this.#limit.concurrency && !isHeld?.(begun)) {
      const range = this.queue.take() ?? this.#split();
      if (!range) break;
      begun += 1;
      this.#begin(range);
    }
    if (this.queue.isEmpty) {
      this.#idleLanes?.saw(begun);
      onDrained?.();
    }
    if (begun === 0 && (this.#isStopped || this.queue.isEmpty)) this.#idle?.();
  }

  #begin(range: Range): void {
    this.#atWork.add(range);
    void this.#limit(() => this.#run(range)).then(
      () => this.#feed(),
      (error: unknown) => {
        this.#parts.fail(error);
        this.#feed();
      },
    );
  }

  async #run(range: Range): Promise<void> {
    try {
      const { pauseMs } = await this.#parts.run(range);
      await this.#throttle.settled(pauseMs);
    } finally {
      this.settled(range);
    }
  }

  /** Items of a chunk that is at work, where it is worth it. Looks again in a while where it is not yet. */
  #split(): Range | undefined {
    if (!this.#splitter || this.#limit.activeCount === 0) return undefined;
    const { options, neededEnd } = this.#parts;
    // WHY: a lane that has a child already is only to be told.
    const hasChildren = options.isolation === 'lane' || this.pacer.hasKept;
    const range = this.#splitter.split(hasChildren ? TELLING_MS : this.pacer.forkMs, neededEnd());
    if (!range) {
      this.#splitLook ??= setTimeout(() => {
        this.#splitLook = undefined;
        this.#feed();
      }, SPLIT_LOOK_MS);
    }
    return range;
  }
}

/** Whether the chunk's child has sent something for each of its items. */
function isComplete(driven: Driven, { start, end }: Range): boolean {
  if (!(has(driven, 'isWhole') && driven.isWhole)) return false;
  return driven.begun >= end && driven.done >= end && toldItems(driven) >= end - start;
}
