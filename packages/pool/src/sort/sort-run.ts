import type { ItemList } from '../items.js';
import type { Compare } from './order.js';
import { type RunOrder, sortable } from './sort-list.js';

/** Sorts the run of that number, of so many items each. */
export function sortRunOf(
  list: ItemList<unknown>,
  compare: Compare<unknown> | undefined,
  runItems: number,
): (run: number) => RunOrder {
  const sorter = sortable(list, compare);
  return (run) => sorter.sortRun(run * runItems, Math.min(list.length, (run + 1) * runItems));
}
