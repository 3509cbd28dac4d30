/** Whether a result is to be waited for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  // WHY in steps: most results are none of these, and this is asked of every one.
  if (typeof value !== 'object' && typeof value !== 'function') return false;
  return value !== null && typeof (value as Partial<PromiseLike<unknown>>).then === 'function';
}
