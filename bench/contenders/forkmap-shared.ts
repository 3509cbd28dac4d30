/** `parMap` that sends nothing back: children write into a shared array. */
import { sharedArray } from '@forkmap/pool';
import type { Contender } from './contender.js';
import { contender as sending } from './forkmap.js';

export const contender: Contender = {
  ...sending,
  doubles: (n) => sharedArray(Float64Array, n),
};
