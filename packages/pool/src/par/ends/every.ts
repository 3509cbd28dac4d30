import type { End } from '../end.js';
import { someEnd } from './some.js';

/** Whether all values are true. */
export function everyEnd(): End<boolean> {
  const { result, ...some } = someEnd(false);
  return { ...some, result: () => !result() };
}
