/** A sharedArray is in memory that the children share: each writes its part in place, and nothing is sent back. */
import { parMap, sharedArray } from 'forkmap';

const roots = sharedArray(Float64Array, 10_000);
const ordinary = new Float64Array(1);

await parMap(
  roots.keys(),
  (n) => {
    roots[n] = Math.sqrt(n);
    ordinary[0] = n; // a copy of the child's own: nobody else sees this
  },
  { chunk: 'auto' },
);
console.log(roots[144], roots[9_801], ordinary[0]);

// Prints:
// 12 99 0
