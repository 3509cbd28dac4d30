/** So many items have to be settled before a share of failures means anything, where nobody knows how many there will be. */
const ENOUGH_ITEMS = 100;

/** Items whose number is known, or of which so many have been settled so far. */
export type HaltTotal = { total: number } | { settled: number };

/** Whether so many failures end the call. */
export function isHalted(halt: number | string | undefined, failed: number, items: HaltTotal): boolean {
  if (halt === undefined) return false;
  return failed >= (typeof halt === 'number' ? halt : shareOf(Number.parseFloat(halt) / 100, items));
}

/** So many failures of a list's items end its call. */
export function haltAfter(halt: number | string | undefined, total: number): number {
  if (halt === undefined) return Number.POSITIVE_INFINITY;
  return typeof halt === 'number' ? halt : shareOf(Number.parseFloat(halt) / 100, { total });
}

function shareOf(share: number, items: HaltTotal): number {
  const count = 'total' in items ? items.total : Math.max(items.settled, ENOUGH_ITEMS);
  return Math.max(1, Math.ceil(count * share));
}
