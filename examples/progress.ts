/** onProgress is told how far a call is: at most 20 times per second, and once at the end. */
import { type Progress, parMap } from 'forkmap';

const numbers = Array.from({ length: 400 }, (_, n) => n);

let last: Progress | undefined;
await parMap(numbers, spin, {
  chunk: 20,
  onProgress(progress) {
    last = progress;
    const { done, total, running, eta } = progress;
    const left = eta === undefined ? '' : `, ${eta.toFixed(0)} ms left`;
    process.stderr.write(`${done} of ${total}; ${running} children${left}\n`);
  },
});
console.log(`${last?.done} of ${last?.total} done, ${last?.failed} failed`);

/** A millisecond of CPU time. */
function spin(): void {
  const end = performance.now() + 1;
  while (performance.now() < end);
}

// Prints:
// 400 of 400 done, 0 failed
