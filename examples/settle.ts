/** With `settle`, a bad item spoils nothing: every item gets a result or an error of its own, in order. */
import { ForkError, parMap } from 'forkmap';

const documents = ['{"n": 1}', '{"n": 2', 'loop', 'crash', '{"n": 5}'];

const settled = await parMap(
  documents,
  (text) => {
    while (text === 'loop');
    if (text === 'crash') process.kill(process.pid, 'SIGKILL');
    return JSON.parse(text).n as number;
  },
  { settle: true, itemTimeout: 300 },
);

for (const [index, outcome] of settled.entries()) {
  if (outcome.status === 'fulfilled') console.log(index, 'is', outcome.value);
  else if (outcome.reason instanceof ForkError) console.log(index, 'failed:', outcome.reason.code);
  else console.log(index, 'threw:', (outcome.reason as Error).name);
}

// Prints:
// 0 is 1
// 1 threw: SyntaxError
// 2 failed: ERR_FORKMAP_TIMEOUT
// 3 failed: ERR_FORKMAP_KILLED
// 4 is 5
