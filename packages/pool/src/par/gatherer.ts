import type { Gathered, Gathering } from '@forkmap/core/internal';
import { Cell } from './cell.js';
import { type Awaitable, isThenable, type OnFailure, type Plan, type Runner } from './plan.js';

/** The gatherer of a chain that ends so. */
export function gathererOf(plan: Plan, end: { gather(): Accumulator }): Gatherer {
  return new Gatherer(plan, () => end.gather());
}

/** What the values of a range come to. */
export interface Accumulator {
  /** Takes a value in. True: nothing after it is needed. */
  add(value: unknown, position: number): Awaitable<boolean>;
  /** Hands over what is to be sent, and begins anew. */
  take(): readonly unknown[];
  /** Where each value of an item is sent: how many there are to be sent now. */
  readonly size?: number;
  /** A guess at the encoded bytes of what could be sent before the end of the range. Default: nothing can. */
  readonly weight?: number;
}

/**
 * Runs a plan over ranges of positions, several of them in flight where steps are asynchronous, and gives their values
 * to an accumulator in the order of the positions.
 *
 *   position:   0 … head-1       head              …
 *               values added     values go on      values wait in their cells
 */
export class Gatherer implements Gathering {
  readonly #runner: Runner;
  readonly #newAccumulator: () => Accumulator;
  /** Cells that are begun and not passed; empty while everything is synchronous. */
  readonly #cells = new Map<number, Cell>();
  #accumulator: Accumulator;
  #spare = new Cell(0, true);
  #ends: number[] | undefined;
  #first = 0;
  #head = 0;
  #overEnd = 0;
  #isAdding = false;
  /** The accumulator wants no more values. What ended otherwise may still have some to come, at its end. */
  #isEnough = false;
  #onAdded: (() => void) | undefined;
  #onFailure: OnFailure = () => undefined;
  isOver = false;

  constructor(plan: Plan, newAccumulator: () => Accumulator) {
    this.#newAccumulator = newAccumulator;
    this.#accumulator = newAccumulator();
    this.#runner = plan.compile((value, cell) => this.#push(value, cell));
  }

  get head(): number {
    return this.#head;
  }

  get weight(): number {
    return this.#accumulator.weight ?? 0;
  }

  begin(start: number, onFailure: OnFailure): void {
    // WHY: in a child that is kept, items of an earlier range may still be in flight.
    for (const cell of this.#cells.values()) cell.isStopped = true;
    this.#cells.clear();
    this.#spare = new Cell(0, true);
    this.#accumulator = this.#newAccumulator();
    this.#ends = this.#accumulator.size === undefined ? undefined : [];
    this.#first = start;
    this.#head = start;
    this.#onFailure = onFailure;
    this.isOver = false;
    this.#isEnough = false;
    this.#runner.begin?.(start, onFailure);
  }

  /** Runs a position. They must come in order; they may end in any. */
  feed(position: number): Awaitable<void> {
    if (this.isOver) return undefined;
    const isDirect = position === this.#head && !this.#isAdding;
    const cell = isDirect ? this.#spare : new Cell(position, false);
    if (isDirect) cell.position = position;
    else this.#cells.set(position, cell);
    const running = this.#runner.run(position, cell);
    if (running === undefined) {
      if (isDirect) this.#pass(cell);
      else this.#land(cell);
      return undefined;
    }
    if (isDirect) {
      this.#cells.set(position, cell);
      this.#spare = new Cell(0, true);
    }
    return running.then(() => this.#land(cell));
  }

  finish(): Awaitable<void> {
    if (!this.#isAdding) return this.#runner.end?.(new Cell(this.#head - 1, true));
    return new Promise<void>((added) => {
      this.#onAdded = added;
    }).then(() => this.finish());
  }

  take(): Gathered {
    const first = this.#first;
    const end = this.isOver ? this.#overEnd : this.#head;
    const ends = this.#ends;
    // The item at which it was over may not have passed.
    if (ends && ends.length < end - first) ends.push(this.#accumulator.size ?? 0);
    const values = this.#accumulator.take();
    this.#first = end;
    if (ends) this.#ends = [];
    return { first, end, values, ends, isOver: this.isOver };
  }

  #push(value: unknown, cell: Cell): Awaitable<void> {
    if (cell.isStopped || this.#isEnough) return undefined;
    if (!cell.isDirect) {
      cell.waiting.push(value);
      return undefined;
    }
    const adding = this.#accumulator.add(value, cell.position);
    if (adding === false) return undefined;
    if (isThenable(adding)) return adding.then((isEnough) => this.#added(isEnough, cell));
    this.#added(adding, cell);
    return undefined;
  }

  #added(isEnough: boolean, cell: Cell): void {
    if (!isEnough || this.#isEnough) return;
    this.#isEnough = true;
    if (!this.isOver) this.#endAt(cell);
  }

  #endAt(cell: Cell): void {
    this.isOver = true;
    this.#overEnd = cell.position + 1;
  }

  #land(cell: Cell): void {
    cell.isDone = true;
    if (!this.#isAdding) this.#advance();
  }

  /** Gives what waited at the head on to the accumulator, and what comes after it as far as that is done. */
  #advance(): void {
    for (let cell = this.#cells.get(this.#head); cell && !this.isOver; cell = this.#cells.get(this.#head)) {
      let adding: Awaitable<void>;
      try {
        adding = this.#addWaiting(cell);
      } catch (error) {
        this.#onFailure(cell.position, error);
        return;
      }
      if (adding !== undefined) {
        this.#resumeAfter(adding, cell);
        return;
      }
      cell.isDirect = true;
      if (!cell.isDone) return;
      this.#cells.delete(this.#head);
      this.#pass(cell);
    }
  }

  #addWaiting(cell: Cell): Awaitable<void> {
    while (cell.waiting.length > 0 && !this.#isEnough) {
      const adding = this.#accumulator.add(cell.waiting.shift(), cell.position);
      if (isThenable(adding)) return adding.then((isEnough) => this.#added(isEnough, cell));
      this.#added(adding, cell);
    }
    return undefined;
  }

  #resumeAfter(adding: PromiseLike<void>, cell: Cell): void {
    this.#isAdding = true;
    const goOn = () => {
      this.#isAdding = false;
      this.#advance();
      if (this.#isAdding) return;
      this.#onAdded?.();
      this.#onAdded = undefined;
    };
    adding.then(goOn, (error: unknown) => {
      this.#onFailure(cell.position, error);
      this.#isAdding = false;
      this.#onAdded?.();
    });
  }

  #pass(cell: Cell): void {
    this.#head = cell.position + 1;
    this.#ends?.push(this.#accumulator.size ?? 0);
    if (!cell.isStopped) return;
    cell.isStopped = false;
    if (!this.isOver) this.#endAt(cell);
  }
}
