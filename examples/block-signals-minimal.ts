/** The least there is to it: no signal ends this process, or runs a listener of it, while a child is at work. */
import { forkMap } from 'forkmap';

const answer = await forkMap(() => 42, { blockSignals: ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] });
console.log(answer);

// Prints:
// 42
