/** forkMapSync runs a function where it can do no harm: what it leaks, changes or brings down is a copy. */
import { ForkError, forkMapSync } from 'forkmap';

const cache: number[][] = [];
let calls = 0;

/** Stands for a library that never lets go of memory. */
function leaky(n: number): number {
  calls += 1;
  cache.push(Array.from({ length: 100_000 }, (_, i) => i));
  return n * n;
}

// The answer comes back; the leak ends with the child, and no variable has changed.
const squares = [1, 2, 3].map((n) => forkMapSync(() => leaky(n)));
console.log(squares.join(' '), '| leaked here:', cache.length, '| calls seen here:', calls);

/** Stands for a native module that crashes. */
function crash(): never {
  process.kill(process.pid, 'SIGSEGV');
  throw new Error('never reached');
}

try {
  forkMapSync(crash, { name: 'thumbnail' });
} catch (error) {
  if (!(error instanceof ForkError)) throw error;
  console.log(error.code, error.signal);
}
console.log('still here');

// Prints:
// 1 4 9 | leaked here: 0 | calls seen here: 0
// ERR_FORKMAP_KILLED SIGSEGV
// still here
