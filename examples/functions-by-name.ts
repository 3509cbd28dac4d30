/** From Go's go-fork: a function that has a name runs in a new process of this program, which shares no memory with it. */
import { init, registerFunction, spawnFunction } from 'forkmap';

// fork.RegisterFunc("child", child); fork.Init()
registerFunction('child', child);
init();

function child(n: number) {
  console.log(`child(${n}) pid: ${process.pid}`);
}

console.log(`main() pid: ${process.pid}`);
// if err := fork.Fork("child", 1); err != nil { … }
await spawnFunction('child', [1]).wait();

// Prints:
// main() pid: <pid>
// child(1) pid: <pid>
