import {
  type ChildWork,
  finite,
  has,
  makeChildMain,
  native,
  prepareForChildren,
  rehearsedItem,
} from '@forkmap/core/internal';
import type { DriveRequest, SysError } from '@forkmap/native';
import type { Range } from '../../call/chunks.js';
import { runningCalls } from '../../call/running-calls.js';
import { notForked } from '../../call/stops.js';
import type { CheckedParMapOptions } from '../../options.js';
import { mapItem } from '../../recipe/item-functions.js';
import type { Driven, Engine } from '../engine.js';
import { checkDrivers, driveChunk, forkUndisturbed } from './drivers.js';
import { mapsAhead } from './map-ahead.js';
import { residentBytes } from './resident-bytes.js';
import { freeSheet, makeSheet } from './sheet.js';

/** Lanes that fork more often than this get a process of their own to fork from: it costs one fork more. */
const CHUNKS_PER_UNPROMOTED_LANE = 2;

/** `isolation: 'auto'`: a child lives at most so many times as long as its birth took, or until its chunk ends… */
const LIFE_IN_BIRTHS = 20;
/** …or until it has so much memory of its own. WHY: garbage that no child collects is there once per lane. */
const MAX_KEPT_BYTES = 2 ** 27;
/** Of a limit, what earlier chunks may have left of a child when the next one begins. */
const KEPT_SHARE_OF_LIMIT = 0.5;

/** With so many, what it takes to make forks cheap pays for itself, whatever the size of the process. */
const CHUNKS_PER_LANE_OF_LEAN = 32;

/** Items of parMap, which is called most: of lists of all kinds, by more than one function. */
const REHEARSED = [
  mapItem([{}, {}], (_item, index) => rehearsedItem(index)),
  mapItem([1, 2], (_item, index) => index + 1),
  mapItem([0.5, 1.5], (_item, index) => index + 2),
  mapItem(new Float64Array(2), (_item, index) => index + 3),
  mapItem(new Int32Array(2), (_item, index) => index + 4),
];

interface Parts {
  verb: string;
  work: ChildWork;
  options: CheckedParMapOptions;
  lanes: number;
  chunks: number;
  items: number;
  /** What a child is given of them at a time. */
  chunkItems: number;
  /** How many results are wanted of which numbers may come through shared memory. */
  sheetItems: number;
}

/** Children are forked from a snapshot of this process. */
export class ForkEngine implements Engine {
  readonly isForking = true;
  readonly #parts: Parts;
  #id = 0;
  /** As it is when the snapshot is forked. */
  #residentBytes = 0;
  #ended: Promise<void> | undefined;
  #births = 0;
  sheet: Float64Array | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  open(): ArrayBuffer {
    checkDrivers();
    prepareForChildren(REHEARSED, this.#children);
    this.#residentBytes = residentBytes();
    const opened = native().openCall(this.#parts.lanes);
    if (has(opened, 'errno')) throw notForked(opened, this.#parts.verb);
    this.#id = opened.id;
    const { work, options, items, chunkItems, sheetItems } = this.#parts;
    this.sheet = makeSheet(sheetItems, this.#children, options);
    work.sheet = this.sheet;
    work.invoke = mapsAhead(work.invoke, { items, chunkItems });
    runningCalls.add(this.#id);
    return opened.board;
  }

  prepare(): Promise<{ pid: number; ms: number } | SysError> {
    return forkUndisturbed(
      () =>
        new Promise((resolve) => {
          native().snapshot(this.#id, makeChildMain(this.#parts.work), this.#isLean, resolve);
        }),
    );
  }

  async drive(range: Range): Promise<Driven> {
    // WHY not thrown: only a child whose memory is corrupt has sent less than it said, and others are none the worse.
    if (this.#ended) return { undriven: new Error('its child had sent less than it said') };
    const driven = await driveChunk(this.#id, this.#requestFor(range), this.#residentBytes);
    if (has(driven, 'forkMs') && driven.forkMs > 0) this.#births += 1;
    return driven;
  }

  cancel(): void {
    if (this.#id > 0) native().cancel(this.#id);
  }

  endChildren(): void {
    runningCalls.delete(this.#id);
    this.#ended ??= new Promise((closed) => native().closeCall(this.#id, () => closed()));
  }

  async close(): Promise<void> {
    this.endChildren();
    await this.#ended;
    freeSheet(this.sheet);
  }

  /** WHY not with a limit: pages that are shared, but that one child alone has touched, would count as its own. */
  get #isLean(): boolean {
    const { options, lanes } = this.#parts;
    return !finite(options.memoryLimit) && this.#children >= lanes * CHUNKS_PER_LANE_OF_LEAN;
  }

  /** Children that will be forked, as far as can be told before one was. */
  get #children(): number {
    const { options, lanes, chunks } = this.#parts;
    return options.isolation === 'chunk' ? chunks : lanes;
  }

  #requestFor(range: Range): DriveRequest {
    const { options, lanes, chunks } = this.#parts;
    const { isolation } = options;
    const memoryBytes = finite(options.memoryLimit);
    const forks = isolation === 'auto' ? this.#births : chunks;
    return {
      ...range,
      maxPayloadBytes: Math.min(options.maxResultBytes, Number.MAX_SAFE_INTEGER),
      itemTimeoutMs: finite(options.itemTimeout),
      memoryBytes,
      stdio: options.stdio,
      shouldPromote: forks > lanes * CHUNKS_PER_UNPROMOTED_LANE,
      shouldKeep: isolation !== 'chunk',
      ...(isolation === 'auto' && {
        keptForBirths: LIFE_IN_BIRTHS,
        keptForBytes: Math.min(
          MAX_KEPT_BYTES,
          Math.ceil((memoryBytes ?? Number.POSITIVE_INFINITY) * KEPT_SHARE_OF_LIMIT),
        ),
      }),
    };
  }
}
