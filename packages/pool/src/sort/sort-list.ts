import type { ItemList } from '../items.js';
import { mergeRuns } from './merge.js';
import { byNumber, byText, type Compare, undefinedLast } from './order.js';
import { type Slice, sliceRuns } from './slices.js';

/** Any kind of typed array: they sort alike. */
type TypedList = Float64Array;

/** Items by their indices, or, of typed arrays, the numbers themselves. */
export type RunOrder = Uint32Array | TypedList;

/** A list that can be sorted as a whole, or in runs that are merged, as a whole or in slices. */
export abstract class Sortable {
  readonly list: ArrayLike<unknown>;
  /** What a thing that runs consist of is compared by. */
  protected abstract readonly rankOf: (sent: number) => unknown;
  protected abstract readonly compare: Compare<unknown>;

  constructor(list: ArrayLike<unknown>) {
    this.list = list;
  }

  get length(): number {
    return this.list.length;
  }

  /** Bytes that a run sends for each of its items. */
  abstract readonly bytesPerItem: number;
  /** Sorts the items [start, end), in a child: what is sent of them. */
  abstract sortRun(start: number, end: number): RunOrder;
  /** The caller's items, in the order of runs that are merged. */
  abstract receive(orders: RunOrder[]): ItemList<unknown>;
  /** Sorts the whole list here. */
  abstract sortAll(): ItemList<unknown>;
  /** Sorts a few neighbours, as `sortAll` would, to see how long that takes. */
  abstract sortSample(start: number, end: number): void;
  protected abstract makeRun(length: number): RunOrder;

  slices(runs: RunOrder[], count: number): Slice[] {
    return sliceRuns(runs, { rankOf: this.rankOf, compare: this.compare, count });
  }

  /** Merges a slice of the runs, by default all of them. */
  merge(runs: RunOrder[], slice?: Slice): RunOrder {
    const parts = slice ? runs.map((run, at) => run.subarray(...(slice[at] as [number, number]))) : runs;
    return mergeRuns<number, unknown, RunOrder>(parts, {
      rankOf: this.rankOf,
      compare: this.compare,
      make: (length) => this.makeRun(length),
    });
  }
}

export function sortable(list: ItemList<unknown>, compare: Compare<unknown> | undefined): Sortable {
  if (ArrayBuffer.isView(list)) return new SortableNumbers(list as unknown as TypedList, compare);
  return new SortableItems(list as unknown[], compare);
}

class SortableItems extends Sortable {
  readonly bytesPerItem = Uint32Array.BYTES_PER_ELEMENT;
  declare readonly list: unknown[];
  protected readonly rankOf: (index: number) => unknown;
  protected readonly compare: Compare<unknown>;
  readonly #given: Compare<unknown> | undefined;

  constructor(list: unknown[], given: Compare<unknown> | undefined) {
    super(list);
    this.#given = given;
    // In the default order, items are compared as texts.
    this.rankOf = given ? (index) => list[index] : (index) => textOf(list[index]);
    const compare = given ?? (byText as Compare<unknown>);
    // WHY not always: what stands between takes as long as many a comparison.
    this.compare = list.includes(undefined) ? undefinedLast(compare) : compare;
  }

  sortRun(start: number, end: number): RunOrder {
    const order = Array.from({ length: end - start }, (_, at) => start + at);
    const ranks = this.#given ? this.list : this.#texts(start, end);
    const { compare } = this;
    return Uint32Array.from(order.sort((left, right) => compare(ranks[left], ranks[right])));
  }

  receive(orders: RunOrder[]): ItemList<unknown> {
    const items = new Array<unknown>(this.length);
    let to = 0;
    for (const order of orders) {
      for (let at = 0; at < order.length; at++) items[to++] = this.list[order[at] as number];
    }
    return items;
  }

  sortAll(): ItemList<unknown> {
    return this.list.sort(this.#given);
  }

  sortSample(start: number, end: number): void {
    this.list.slice(start, end).sort(this.#given);
  }

  protected makeRun(length: number): RunOrder {
    return new Uint32Array(length);
  }

  /** Each is made once. */
  #texts(start: number, end: number): unknown[] {
    const texts = new Array<unknown>(end);
    for (let at = start; at < end; at++) texts[at] = textOf(this.list[at]);
    return texts;
  }
}

function textOf(item: unknown): string | undefined {
  return item === undefined ? undefined : String(item);
}

class SortableNumbers extends Sortable {
  declare readonly list: TypedList;
  protected readonly rankOf = (number: number) => number;
  protected readonly compare: Compare<unknown>;
  readonly #given: Compare<number> | undefined;

  constructor(list: TypedList, given: Compare<number> | undefined) {
    super(list);
    this.#given = given;
    this.compare = (given ?? byNumber) as Compare<unknown>;
  }

  get bytesPerItem(): number {
    return this.list.BYTES_PER_ELEMENT;
  }

  sortRun(start: number, end: number): RunOrder {
    return this.list.slice(start, end).sort(this.#given);
  }

  receive(orders: RunOrder[]): ItemList<unknown> {
    const numbers = this.makeRun(this.length);
    let to = 0;
    for (const order of orders) {
      numbers.set(order, to);
      to += order.length;
    }
    return numbers;
  }

  sortAll(): ItemList<unknown> {
    return this.list.sort(this.#given);
  }

  sortSample(start: number, end: number): void {
    this.sortRun(start, end);
  }

  protected makeRun(length: number): TypedList {
    return new (this.list.constructor as new (length: number) => TypedList)(length);
  }
}
