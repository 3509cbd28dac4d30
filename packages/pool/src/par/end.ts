import type { Accumulator } from './gatherer.js';
import { type Awaitable, isIndexed, type Plan } from './plan.js';
import type { SegmentReader } from './segments.js';

/** What a chain ends in: what its values come to in each child, and all of that together in the origin. Used once. */
export interface End<R> extends SegmentReader {
  /** What it comes to depends on where chunks are cut, if only in the last digits of a number. */
  readonly isPerChunk?: boolean;
  /** Begins to take in the values of a range, in a child. */
  gather(): Accumulator;
  /** When all was read. */
  result(): Awaitable<R>;
}

/** How a value of the chain travels: the caller's own items by their positions, others as they are. */
export interface Carrier {
  send(value: unknown, position: number): unknown;
  receive(sent: unknown): unknown;
  /** Makes a list of what is sent smaller. */
  pack(sent: unknown[]): ArrayLike<unknown>;
}

export function carrierOf({ itemAt }: Plan): Carrier {
  if (!itemAt) return { send: (value) => value, receive: (sent) => sent, pack: (sent) => sent };
  return {
    send: (_, position) => position,
    receive: (sent) => itemAt(sent as number),
    pack: (sent) => Uint32Array.from(sent as number[]),
  };
}

/** A caller's function as the end of a chain calls it: with the index where that counts. */
export function atEnd(plan: Plan, fn: (...args: never[]) => unknown) {
  const apply = fn as (value: unknown, index?: number) => unknown;
  return isIndexed(plan) ? apply : (value: unknown) => apply(value);
}

interface StateParts<S> {
  begin: () => S;
  /** Takes a value into the state. True: nothing after it is needed. */
  add: (state: S, value: unknown, position: number) => Awaitable<boolean>;
  /** What is sent of the state, as any number of values. Default: the state, as one. */
  send?: (state: S) => readonly unknown[];
}

/** An accumulator with a state of its own for each range. */
export class StateAccumulator<S> implements Accumulator {
  readonly #parts: StateParts<S>;
  #state: S;

  constructor(parts: StateParts<S>) {
    this.#parts = parts;
    this.#state = parts.begin();
  }

  add(value: unknown, position: number): Awaitable<boolean> {
    return this.#parts.add(this.#state, value, position);
  }

  take(): readonly unknown[] {
    const state = this.#state;
    this.#state = this.#parts.begin();
    return this.#parts.send ? this.#parts.send(state) : [state];
  }
}
