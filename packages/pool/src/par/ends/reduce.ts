import type { End } from '../end.js';
import { whenSettled } from '../plan.js';
import { Folding } from '../steps/fold.js';

type Combine = (left: unknown, right: unknown) => unknown;

/** One value made of all by `combine`, which is associative: within each chunk first, then of the chunks in order. */
export function reduceEnd(combine: Combine, identity?: { value: unknown }): End<unknown> {
  const parts: unknown[] = [];
  return {
    isOrdered: true,
    isPerChunk: true,
    gather: () => new Folding(undefined, combine),
    read(values) {
      parts.push(...values);
      return false;
    },
    async result() {
      const [first, ...rest] = identity ? [identity.value, ...parts] : parts;
      if (!identity && parts.length === 0) throw new TypeError('reduce of no values with no identity');
      let reduced: unknown = first;
      for (const part of rest) reduced = await whenSettled(reduced, (left) => combine(left, part));
      return reduced;
    },
  };
}
