/** A heap of a wanted size, made of ordinary small objects on V8's ordinary pages. */

const ballast: unknown[] = [];
const MEBIBYTE = 2 ** 20;

/** Grows the heap of this process to `heapMb` MiB in use and gives back what is resident then, in MiB. */
export function growHeap(heapMb: number): number {
  const wanted = heapMb * MEBIBYTE;
  while (process.memoryUsage().heapUsed < wanted) {
    for (let i = 0; i < 64; i++) ballast.push(new Array(1000).fill(i + 0.5));
  }
  return Math.round(process.memoryUsage.rss() / MEBIBYTE);
}
