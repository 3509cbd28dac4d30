import { type Carrier, carrierOf, type End, StateAccumulator } from '../end.js';
import type { Accumulator } from '../gatherer.js';
import type { Plan } from '../plan.js';

/** All values in order, or the first `limit` of them. */
export function collectEnd(plan: Plan, limit = Number.POSITIVE_INFINITY): End<unknown[]> {
  const carrier = carrierOf(plan);
  const collected: unknown[] = [];
  return {
    isOrdered: true,
    mayStop: Number.isFinite(limit),
    gather: () => (plan.itemAt ? new Positions(limit) : new Values(limit)),
    read(values) {
      addAll(collected, values, carrier, plan);
      return collected.length >= limit;
    },
    result() {
      if (collected.length > limit) collected.length = limit;
      return collected;
    },
  };
}

/** What `Positions` or `Values` sent, as the caller gets it. */
export function addAll(to: unknown[], values: readonly unknown[], carrier: Carrier, plan: Plan): void {
  const sent = plan.itemAt ? (values[0] as Uint32Array) : values;
  for (let at = 0; at < sent.length; at++) to.push(carrier.receive(sent[at]));
}

/** For `addAll`: the accumulator of all values of a plan. */
export function allValues(plan: Plan): Accumulator {
  return plan.itemAt ? new Positions(Number.POSITIVE_INFINITY) : new Values(Number.POSITIVE_INFINITY);
}

const GUESSED_VALUE_BYTES = 64;

/** Sends each value. */
class Values implements Accumulator {
  readonly #limit: number;
  #values: unknown[] = [];
  #count = 0;
  weight = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#values.length;
  }

  add(value: unknown): boolean {
    this.#values.push(value);
    this.#count += 1;
    this.weight += typeof value === 'string' ? value.length : GUESSED_VALUE_BYTES;
    if (ArrayBuffer.isView(value)) this.weight += value.byteLength;
    return this.#count >= this.#limit;
  }

  take(): readonly unknown[] {
    const values = this.#values;
    this.#values = [];
    this.weight = 0;
    return values;
  }
}

/** Sends where the values are in the caller's list. */
class Positions extends StateAccumulator<number[]> {
  constructor(limit: number) {
    super({
      begin: () => [],
      add(positions, _, position) {
        positions.push(position);
        return positions.length >= limit;
      },
      send: (positions) => [Uint32Array.from(positions)],
    });
  }
}
