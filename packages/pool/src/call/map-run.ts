import { forkError, throwIfAborted } from '@forkmap/core/internal';
import { mapInline } from '../inline.js';
import type { ItemList } from '../items.js';
import { sift } from '../journal/sift.js';
import type { CallOptions } from '../pool/call-options.js';
import type { CallHost } from '../pool/host.js';
import { mapItem, mapPicked } from '../recipe/item-functions.js';
import { asList, made } from '../recipe/made.js';
import { haltAfter } from '../settle/halt.js';
import type { Ledger } from '../settle/ledger.js';
import type { Results } from '../settle/results.js';
import { type Hearers, ToldResults } from '../settle/told.js';
import type { Range } from './chunks.js';
import { ForkedCall } from './forked-call.js';
import { ProgressMeter } from './progress.js';

export interface MapParts<T> {
  /** As messages name it. */
  verb: string;
  list: ItemList<T>;
  fn: (item: T, index: number) => unknown;
  results: Results<unknown>;
  call: CallOptions;
  host: CallHost;
  hearers: Hearers;
  /** The place of the list's first item in what the caller's index counts. Default: 0. */
  offset?: number | undefined;
  /** So many items have failed that the call is to end. Of a part of a stream, the stream knows. */
  isHalted?: (() => boolean) | undefined;
  /** Results came in. */
  onSettled?: (() => void) | undefined;
  /** All chunks have begun. May be called again. */
  onDrained?: (() => void) | undefined;
}

/** Items of a list, and where they are in it. Without `todo`, all of them. */
interface Picked<T> {
  list: ItemList<T>;
  todo?: Uint32Array | undefined;
}

/** Runs a function on the items of a list of which a journal does not know the results, wherever items run. */
export class MapRun<T> {
  readonly #parts: MapParts<T>;
  #call: ForkedCall | undefined;
  #isHalted = false;
  /** Failures that were not in the journal. */
  #ledger: Ledger | undefined;

  constructor(parts: MapParts<T>) {
    this.#parts = parts;
  }

  /** Children at work now. */
  get running(): number {
    return this.#call?.running ?? 0;
  }

  /** Items that failed in this run. */
  get failed(): number {
    return this.#ledger?.failed ?? 0;
  }

  stop(): void {
    this.#call?.stop('enough');
  }

  /** Begins no further item: the rest is rejected. */
  halt(): void {
    this.#isHalted = true;
    this.#call?.stop({ error: undefined, isHalt: true });
  }

  /** Rejects as `parMap` does; what the items came to is in `results`. */
  async run(): Promise<void> {
    try {
      await this.#run();
    } finally {
      if (!this.#call) this.#parts.host.close();
    }
  }

  async #run(): Promise<void> {
    const { list, results, hearers, call, offset = 0 } = this.#parts;
    const unknown = hearers.journal && (await this.#sift());
    throwIfAborted(call.options.signal);
    if (results.firstFailure && !call.options.settle) throw results.firstFailure.error;
    if (unknown?.todo.length === 0) return;
    const todo = unknown && unknown.todo.length < list.length ? unknown.todo : undefined;
    const isHeard = hearers.journal || hearers.onSettled;
    const ledger = isHeard
      ? new ToldResults({ results, hearers, todo, keys: unknown?.keys, offset })
      : results;
    this.#ledger = ledger;
    if (this.#isHalted) {
      ledger.rejectRest((index) => halted(call.options.name, offset + (todo?.[index] ?? index)));
      this.#parts.onSettled?.();
      return;
    }
    const picked = todo ? { list: Array.from(todo, (place) => list[place] as T), todo } : { list };
    if (call.isInline) await this.#runInline(picked, ledger);
    else await this.#runForked(picked, ledger);
  }

  async #sift() {
    const { list, results, hearers, offset = 0, onSettled } = this.#parts;
    const journal = hearers.journal as NonNullable<Hearers['journal']>;
    const unknown = await sift(list, { journal, offset }, (place, known) => {
      hearers.onSettled?.(offset + place, known);
      if (known.status === 'fulfilled') results.fulfil(place, known.value);
      else results.reject(place, known.reason);
    });
    if (unknown.todo.length < list.length) onSettled?.();
    return unknown;
  }

  async #runInline({ list, todo }: Picked<T>, ledger: Ledger): Promise<void> {
    const { fn, call, offset = 0, onSettled } = this.#parts;
    const placeOf = (index: number) => offset + (todo?.[index] ?? index);
    const isHalted = () => this.#isHalted || this.#isHaltedBy(ledger, list.length);
    const meter = this.#meterInline(ledger);
    meter?.start();
    try {
      await mapInline(list, fn, call.options, { ledger, placeOf, isHalted });
      if (isHalted()) ledger.rejectRest((index) => halted(call.options.name, placeOf(index)));
    } finally {
      onSettled?.();
      meter?.finish();
    }
  }

  #meterInline(ledger: Ledger): ProgressMeter | undefined {
    const { call, results, list } = this.#parts;
    const { onProgress } = call.options;
    const isOver = () => results.done === list.length;
    return (
      onProgress &&
      new ProgressMeter(onProgress, {
        total: () => list.length,
        counts: () => ({ done: results.done, failed: results.failed, running: isOver() ? 0 : 1 }),
        fromJournal: () => results.done - ledger.done,
      })
    );
  }

  async #runForked({ list, todo }: Picked<T>, ledger: Ledger): Promise<void> {
    const { verb, fn, call, host, offset = 0, onSettled, onDrained, results } = this.#parts;
    const places = todo && (offset === 0 ? todo : todo.map((place) => offset + place));
    const invoke = places
      ? made(mapPicked, asList(list), fn as never, asList(places))
      : made(mapItem, asList(list), fn as never, offset);
    this.#call = new ForkedCall({
      verb,
      length: list.length,
      invoke,
      reads: (range) => [{ list, ...range }, ...(places ? [{ list: places, ...range }] : [])],
      ledger,
      options: call.options,
      lanes: call.lanes,
      engine: call.engine,
      host,
      firstIndex: offset,
      places,
      place: (range) => placeOfRange(range, places, offset),
      known: { items: results.done, failed: results.failed },
      haltAfter: this.#haltAfter(list.length),
      isHalted: () => this.#isHaltedBy(ledger, list.length),
      onSettled,
      onDrained,
    });
    await this.#call.run();
    // WHY once more: what a halt left over is rejected only when all children are back.
    onSettled?.();
  }

  #haltAfter(items: number): number | undefined {
    const { halt } = this.#parts.call.options;
    const isShareOfStream = this.#parts.isHalted && typeof halt === 'string';
    return halt === undefined || isShareOfStream ? undefined : haltAfter(halt, items);
  }

  #isHaltedBy(ledger: Ledger, items: number): boolean {
    const { isHalted, call } = this.#parts;
    return isHalted?.() ?? ledger.failed >= haltAfter(call.options.halt, items);
  }
}

/** Which of the caller's items a range of picked ones spans. */
function placeOfRange({ start, end }: Range, places: Uint32Array | undefined, offset: number): Range {
  if (!places) return { start: start + offset, end: end + offset };
  return { start: places[start] as number, end: end > start ? (places[end - 1] as number) + 1 : start };
}

function halted(name: string | undefined, index: number): Error {
  const message = `item ${index} was not begun: so many have failed that the call was halted`;
  return forkError('ERR_FORKMAP_HALTED', name === undefined ? message : `${name}: ${message}`, { index });
}
