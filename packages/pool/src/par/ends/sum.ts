import { invalidArgType } from '@forkmap/core/internal';
import { type End, StateAccumulator } from '../end.js';

interface Sum {
  hasAny: boolean;
  /** WHY apart from bigints: a field that only ever has numbers is added to without making a new one each time. */
  numbers: number;
  bigints: bigint | undefined;
}

/** All values added up, chunk by chunk: numbers, or bigints. Of none: 0. */
export function sumEnd(): End<number | bigint> {
  const total = noSum();
  return {
    // WHY: floating-point sums depend on the order; this way they do not depend on which child was first.
    isOrdered: true,
    isPerChunk: true,
    gather: () =>
      new StateAccumulator<Sum>({ begin: noSum, add, send: (sum) => (sum.hasAny ? [amountOf(sum)] : []) }),
    read(values) {
      for (const value of values) add(total, value);
      return false;
    },
    result: () => amountOf(total),
  };
}

const noSum = (): Sum => ({ hasAny: false, numbers: 0, bigints: undefined });

function add(sum: Sum, value: unknown): false {
  if (typeof value === 'number') sum.numbers += value;
  else if (typeof value === 'bigint') sum.bigints = (sum.bigints ?? 0n) + value;
  else throw invalidArgType('value', 'of type number or bigint, to be summed', value);
  sum.hasAny = true;
  return false;
}

function amountOf({ numbers, bigints }: Sum): number | bigint {
  if (bigints === undefined) return numbers;
  if (numbers !== 0) throw invalidArgType('value', 'of one type throughout, to be summed', numbers);
  return bigints;
}
