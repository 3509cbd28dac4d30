/** From Rust's fork_map, and rayon with it: one value, a list with a child per item, a list with 512 items per child. */
import { forkMapSync, parMap } from 'forkmap';

/** An operation that one would rather not have in this process: it leaks, or uses statics, or wants to be alone. */
const obnoxious = (value: number) => value * 10;

// fork_map(|| Ok(obnoxious(value))).unwrap()
console.log(forkMapSync(() => obnoxious(4)));

// An error comes back as it was thrown: there is no unwrap to forget.
try {
  forkMapSync(() => {
    throw new RangeError('no such value');
  });
} catch (error) {
  console.log(String(error));
}

const bigList = Array.from({ length: 2000 }, (_, n) => n);

// bigList.into_par_iter().map(|item| fork_map(|| Ok(item * 1234)))…, with a child per item
const some = await parMap(bigList.slice(0, 20), (item) => item * 1234, { chunk: 1 });
console.log(some.length, some[19]);

// bigList.into_par_iter().chunks(512).map(|items| fork_map(|| …)): here a chunk is a matter of the option alone
const all = await parMap(bigList, (item) => ({ pid: process.pid, result: item * 1234 }), { chunk: 512 });
console.log(all[1999]?.result, 'from', new Set(all.map(({ pid }) => pid)).size, 'children');

// Prints:
// 40
// RangeError: no such value
// 20 23446
// 2466766 from 4 children
