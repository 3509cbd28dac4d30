/**
 * What `blockSignals` does, step by step. While the child works, this process is sent a SIGTERM. It stays where it is
 * until the call is over; then it does what it always does: it runs the listener, or, where there is none, ends the process.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { forkMap } from 'forkmap';

process.on('SIGTERM', () => console.log('caller: SIGTERM has arrived'));

/** Somebody else, who does not know what goes on here. */
function sendSigterm() {
  const sender = spawn('sh', ['-c', `sleep 0.2; kill -s TERM ${process.pid}`]);
  return once(sender, 'exit');
}

const work = async () => {
  console.log('child: at work');
  await sleep(1000);
  console.log('child: done');
};

console.log('with blockSignals');
const sent = sendSigterm();
await forkMap(work, { blockSignals: ['SIGTERM'] });
await sent;
await sleep(50);

console.log('without');
const sentAgain = sendSigterm();
await forkMap(work);
await sentAgain;

// Prints:
// with blockSignals
// child: at work
// child: done
// caller: SIGTERM has arrived
// without
// child: at work
// caller: SIGTERM has arrived
// child: done
