/** What a child changes, it changes for itself: globals, captured variables, arguments, module state, the environment. */
import { forkMap, forkMapSync, parMap } from 'forkmap';

let counter = 0;
const captured = { list: [1, 2, 3], seen: new Set<string>() };

/** Stands for code that cannot keep its hands to itself. */
function meddle(): number {
  counter += 1;
  captured.list.length = 0;
  captured.seen.add('meddled');
  Object.assign(globalThis, { strange: true });
  process.env.MEDDLED = 'yes';
  process.chdir('/');
  return counter;
}

const folder = process.cwd();
console.log('in children:', forkMapSync(meddle), await forkMap(meddle), (await parMap([0], meddle))[0]);

const isUnchanged =
  captured.list.length === 3 &&
  captured.seen.size === 0 &&
  !('strange' in globalThis) &&
  process.env.MEDDLED === undefined &&
  process.cwd() === folder;
console.log('here:', counter, isUnchanged ? 'unchanged' : 'CHANGED');

// Within one child, items do see what those before them changed…
console.log((await parMap([0, 0, 0], meddle, { lanes: 1 })).join(' '));
// …and with a child per item nothing does.
console.log((await parMap([0, 0, 0], meddle, { chunk: 1 })).join(' '));

// Prints:
// in children: 1 1 1
// here: 0 unchanged
// 1 2 3
// 1 1 1
