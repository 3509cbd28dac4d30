/** An AbortSignal ends a call at once, even where every child is in an endless loop. */
import { parMap } from 'forkmap';

const controller = new AbortController();
const { signal } = controller;

const call = parMap(
  [1, 2, 3, 4],
  () => {
    for (;;);
  },
  { chunk: 1, signal },
);

// Stands for a user who closes the window.
setTimeout(() => controller.abort(new Error('the user has left')), 200);

try {
  await call;
} catch (error) {
  // The reason arrives unchanged; by now the children are gone.
  console.log(error === signal.reason, (error as Error).message);
}

// Prints:
// true the user has left
