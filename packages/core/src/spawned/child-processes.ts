import type * as childProcess from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** `node:child_process`. WHY not imported: it takes 4 ms to load, which all would wait for, and most never spawn. */
export function childProcesses(): typeof childProcess {
  return require('node:child_process');
}
