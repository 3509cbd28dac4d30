/** A leak, with figures: what ten calls leave behind in this process, and what they leave behind in children. */
import { forkMapSync } from 'forkmap';

const MIB = 1024 ** 2;
const LEAK_BYTES = 16 * MIB;
const CALLS = 10;

const leaked: Buffer[] = [];

/** Stands for a library that never lets go of memory. */
function leaky(n: number): number {
  leaked.push(Buffer.alloc(LEAK_BYTES, n + 1));
  return n;
}

function measure(title: string, call: (n: number) => number): number {
  const before = process.memoryUsage.rss();
  for (let n = 0; n < CALLS; n++) call(n);
  const grownBytes = process.memoryUsage.rss() - before;
  process.stderr.write(`${title}: ${(grownBytes / MIB).toFixed(0)} MiB more after ${CALLS} calls\n`);
  return grownBytes;
}

// The first fork loads what later ones use again.
forkMapSync(() => 0);
const isolated = measure('in children', (n) => forkMapSync(() => leaky(n)));
const direct = measure('in this process', leaky);

console.log('in children:', isolated < LEAK_BYTES ? 'less than one call leaks' : 'it leaks');
console.log('in this process:', direct > 0.9 * CALLS * LEAK_BYTES ? 'all of it stays' : 'some of it stays');

// Prints:
// in children: less than one call leaks
// in this process: all of it stays
