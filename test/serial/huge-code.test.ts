/** Children of a snapshot that many are forked from execute node's code from huge pages. */
import { parMap } from '@forkmap/pool';
import { expect, it } from 'vitest';
import { HAS_HUGE_PAGES, hugeMib } from '../helpers/huge-pages.js';
import { scaled } from '../helpers/time.js';

const ITEMS = Array.from({ length: 80 }, (_, item) => item);
const MANY = { chunk: 1, lanes: 2 } as const;
/** WHY several: where room for huge pages takes long to be made, it is left to later calls. */
const CALLS = 40;

/** MiB of code in huge pages that this process executes. */
const hugeCodeMib = () => hugeMib(/ r-xp .*memfd:forkmap/);

it.runIf(HAS_HUGE_PAGES)(
  "a call of many chunks has node's code in huge pages, in children alone",
  async () => {
    let mib = 0;
    for (let call = 0; call < CALLS && mib === 0; call++) {
      const seen = await parMap(ITEMS, (item) => [item, item % 20 === 0 ? hugeCodeMib() : 0], MANY);
      expect(seen.map(([item]) => item)).toEqual(ITEMS);
      mib = Math.max(...seen.map(([, huge = 0]) => huge));
    }
    expect(mib).toBeGreaterThan(2);
    expect(hugeCodeMib()).toBe(0);
  },
  scaled(60_000),
);
