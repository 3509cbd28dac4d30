import { par } from '@forkmap/pool';
import { expect, it } from 'vitest';
import { ENDS } from './counterparts.js';
import { testCounterparts } from './same-as-serial.js';

testCounterparts(ENDS);

it.each(['sum', 'reduce', 'fold'] as const)(
  'the %s of the same floats is the same each time, whichever lane is slow',
  async (end) => {
    const floats = Float64Array.from({ length: 40_000 }, (_, i) => 1 / (i + 1));
    const slowAtTimes = (x: number) => {
      const until = Math.random() < 0.002 ? performance.now() + 1 : 0;
      while (performance.now() < until);
      return x;
    };
    const add = (left: number, right: number) => left + right;
    const sums = new Set<number>();
    for (let run = 0; run < 8; run++) {
      const chain = par(floats, { lanes: 3 }).map(slowAtTimes);
      if (end === 'sum') sums.add(await chain.sum());
      else if (end === 'reduce') sums.add(await chain.reduce(add, 0));
      else sums.add(await chain.fold(() => 0, add).reduce(add, 0));
    }
    expect(sums.size).toBe(1);
  },
);
