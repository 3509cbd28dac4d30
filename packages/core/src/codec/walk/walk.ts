import type { CustomTypes } from '../../options.js';
import { Walker } from './walker.js';

/** What is sent for a value that a reducer of `types` matched. */
export interface Reduced {
  name: string;
  plain: unknown;
}

/** What a walk over values found out. */
export interface WalkResult {
  /** What the reducers of `types` gave for the values that they matched. */
  readonly reduced: ReadonlyMap<unknown, Reduced>;
  /** Arrays that have named properties too, as the result of `RegExp.exec` has. */
  readonly arraysWithKeys: ReadonlySet<unknown>;
  /** Per error the keys that cannot be sent. Only the walk over a thrown value finds some. */
  readonly dropped: ReadonlyMap<object, ReadonlySet<string>>;
  /** Per error, by key, what is sent of a property of which a part cannot be. Only the walk over a thrown value finds some. */
  readonly parts: ReadonlyMap<object, ReadonlyMap<string, unknown>>;
  /** What is sent in the place of values that cannot be. Only the walk over a thrown value finds some. */
  readonly standIns: ReadonlyMap<unknown, Error>;
}

/**
 * Looks at every value of a batch once, and throws an `UnsendableError` at the first that would not arrive as it is.
 * The caller's classes are asked first.
 */
export function walk(values: readonly unknown[], customTypes?: CustomTypes): WalkResult {
  const walker = new Walker(customTypes);
  for (let index = 0; index < values.length; index++) walker.visitResult(values[index], index);
  return walker;
}
