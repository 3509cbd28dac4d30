/** A task is a function that has a place, module and export: it runs in spawned processes, where nothing can be forked. */
import { isForkChild, par, parMap, task } from 'forkmap';

export function square(n: number): number {
  return n * n;
}

export const isEven = (n: number): boolean => n % 2 === 0;

// Processes that are spawned load this module for its exports. What only the program itself is to do is not for them.
if (!isForkChild()) {
  const squareTask = task(import.meta.url, 'square', square);
  const isEvenTask = task(import.meta.url, 'isEven', isEven);
  const options = { engine: 'spawn', lanes: 2 } as const;

  // Callable as usual, here too.
  console.log(squareTask(12));
  console.log(await parMap([1, 2, 3, 4], squareTask, options));
  console.log(await par([1, 2, 3, 4], options).map(squareTask).filter(isEvenTask).sum());

  // A closure has no place that it could be found at.
  await parMap([1], (n) => n + 1, options).catch((error) => console.log(error.code));
}

// Prints:
// 144
// [ 1, 4, 9, 16 ]
// 20
// ERR_FORKMAP_UNSUPPORTED
