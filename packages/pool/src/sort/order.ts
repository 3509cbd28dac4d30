/** Compares as `Array.prototype.sort` wants it: negative where the left is to come first. */
export type Compare<T> = (left: T, right: T) => number;

/** `undefined` is last, and a comparator is never asked about it, as in `Array.prototype.sort`. */
export function undefinedLast(compare: Compare<unknown>): Compare<unknown> {
  return (left, right) => {
    if (left === undefined || right === undefined)
      return Number(left === undefined) - Number(right === undefined);
    return compare(left, right);
  };
}

/** By the UTF-16 units of texts, which is the default order of `Array.prototype.sort`. */
export function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** As typed arrays sort: -0 before 0, NaN last. */
export function byNumber(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1;
  if (left > right) return 1;
  if (left === right) return left === 0 ? signOf(left) - signOf(right) : 0;
  return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
}

function signOf(zero: number | bigint): number {
  return Object.is(zero, -0) ? -1 : 0;
}
