import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';
import type { Counterpart } from './counterparts.js';

const CHUNK = 4;
const LENGTHS = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1];
const longList = Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 997);

/** Registers the tests that hold each verb to its serial counterpart. */
export function testCounterparts(counterparts: Counterpart[]): void {
  expectNoLeaks(() => warmPool(8));

  describe.each(counterparts)('%s does what its serial counterpart does', (_, parallel, serial) => {
    it(`at lengths ${LENGTHS}`, async () => {
      for (const length of LENGTHS) {
        const list = longList.slice(0, length);
        expect(await parallel(list, { chunk: CHUNK, lanes: 2 })).toStrictEqual(serial(list));
      }
    });

    it('on random lists, chunks and lanes', async () => {
      const lists = fc.array(fc.nat(99), { maxLength: 30 });
      const options = fc.record({
        chunk: fc.integer({ min: 1, max: 9 }),
        lanes: fc.integer({ min: 0, max: 3 }),
        isolation: fc.constantFrom('chunk', 'lane'),
      });
      const holds = fc.asyncProperty(lists, options, async (list, given) => {
        expect(await parallel(list, given)).toStrictEqual(serial(list));
      });
      await fc.assert(holds, { numRuns: 4 });
    });

    it('on a long list, with the default chunk', async () => {
      expect(await parallel(longList, { lanes: 2 })).toStrictEqual(serial(longList));
    });
  });
}
