/** Every code there is, each with what to do about it. A code that is added later makes this file fail to compile. */
import { ForkError, type ForkErrorCode, forkMap } from 'forkmap';

function advice(code: ForkErrorCode): string {
  switch (code) {
    case 'ERR_FORKMAP_UNSUPPORTED':
      return 'build the addon, or run on Linux';
    case 'ERR_FORKMAP_PIPE':
      return 'try again with fewer descriptors open: see ulimit -n';
    case 'ERR_FORKMAP_FORK':
      return 'try again with fewer processes, or more memory: see ulimit -u';
    case 'ERR_FORKMAP_QUIESCE':
      return 'try again: V8 was busy';
    case 'ERR_FORKMAP_SERIALIZE':
      return 'return plain data, or name the class in the option `types`';
    case 'ERR_FORKMAP_DESERIALIZE':
      return 'look at the revivers in the option `types`';
    case 'ERR_FORKMAP_RESULT_TOO_LARGE':
      return 'return less, or raise `maxResultBytes`';
    case 'ERR_FORKMAP_SPAWN':
      return 'see `cause`, or which name or module the new process does not find';
    case 'ERR_FORKMAP_HALTED':
      return 'see what the other items failed of';
    case 'ERR_FORKMAP_JOURNAL':
      return 'see which file has changed, or name another journal';
    case 'ERR_FORKMAP_SERIALIZE_INPUT':
      return 'give plain data to what runs in a spawned process';
    case 'ERR_FORKMAP_NO_WORKER':
      return 'start a worker of this release';
    case 'ERR_FORKMAP_CODE_MISMATCH':
      return 'deploy the same files to every machine';
    case 'ERR_FORKMAP_WORKER_LOST':
      return 'see what ended the worker, or set `retries` where items may run twice';
    case 'ERR_FORKMAP_ASYNC_IN_SYNC':
      return 'use forkMap instead of forkMapSync';
    case 'ERR_FORKMAP_WRITE':
    case 'ERR_FORKMAP_READ':
    case 'ERR_FORKMAP_WAIT':
      return 'look at `cause`: the system refused';
    case 'ERR_FORKMAP_TRUNCATED':
      return 'see what closed descriptors in the child';
    case 'ERR_FORKMAP_QUEUE_FULL':
      return 'call again later, or allow more lanes';
    case 'ERR_FORKMAP_EXITED':
      return 'see who calls process.exit';
    case 'ERR_FORKMAP_KILLED':
      return 'see `signal`, and what the child wrote to standard error';
    case 'ERR_FORKMAP_HEAP':
      return 'raise --max-old-space-size, or do less per item';
    case 'ERR_FORKMAP_MEMORY_LIMIT':
      return 'raise `memoryLimit`, or do less per item';
    case 'ERR_FORKMAP_TIMEOUT':
      return 'allow more time, or do less';
    case 'ERR_FORKMAP_DEADLOCK':
      return 'see who waits for a lock or for Atomics.notify';
    case 'ERR_FORKMAP_UNSETTLED':
      return 'see which promise nobody settles';
    default:
      return code satisfies never;
  }
}

const troubles: (() => unknown)[] = [
  () => Symbol('of what'),
  () => new Promise(() => undefined),
  () => 'x'.repeat(1000),
  () => process.abort(),
];
for (const trouble of troubles) {
  try {
    await forkMap(trouble, { maxResultBytes: 500, stdio: 'ignore' });
  } catch (error) {
    if (!(error instanceof ForkError)) throw error;
    console.log(`${error.code}: ${advice(error.code)}`);
  }
}

// Prints:
// ERR_FORKMAP_SERIALIZE: return plain data, or name the class in the option `types`
// ERR_FORKMAP_UNSETTLED: see which promise nobody settles
// ERR_FORKMAP_RESULT_TOO_LARGE: return less, or raise `maxResultBytes`
// ERR_FORKMAP_KILLED: see `signal`, and what the child wrote to standard error
