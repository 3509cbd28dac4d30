import type { Range } from '../../call/chunks.js';
import { type Getter, isIndexed, type Plan, whenSettled } from '../plan.js';

/** The values of one plan, which does not stop early, then those of the other. */
export function concatStep(before: Plan, after: Plan): Plan {
  const middle = before.length;
  const choose =
    (first: Getter, second: Getter): Getter =>
    (position) =>
      position < middle ? first(position) : second(position - middle);
  const firstItem = before.itemAt;
  const secondItem = after.itemAt;
  return {
    length: middle + after.length,
    mayStop: after.mayStop,
    isPerChunk: before.isPerChunk || after.isPerChunk,
    // The caller knows the items by their places in the whole.
    place: (range: Range) => ({ ...range }),
    reads: ({ start, end }) => [
      ...(start < middle ? before.reads({ start, end: Math.min(end, middle) }) : []),
      ...(end > middle ? after.reads({ start: Math.max(0, start - middle), end: end - middle }) : []),
    ],
    ...(isIndexed(before) && isIndexed(after) && { getter: () => choose(before.getter(), after.getter()) }),
    ...(firstItem && secondItem && { itemAt: choose(firstItem, secondItem) }),
    compile(push) {
      const [first, second] = [before.compile(push), after.compile(push)];
      return {
        begin(start, onFailure) {
          first.begin?.(start, onFailure);
          second.begin?.(Math.max(0, start - middle), (position, error) =>
            onFailure(position + middle, error),
          );
        },
        run: (position, cell) => {
          if (position < middle) return first.run(position, cell);
          return second.run(position - middle, cell);
        },
        end: (cell) => whenSettled(first.end?.(cell), () => second.end?.(cell)),
      };
    },
  };
}
