import { createRequire } from 'node:module';
import { forkError } from '../errors/classes.js';

/**
 * Throws `ERR_FORKMAP_SPAWN` where a process that is started would run this application again. Kinds of applications that
 * are not known here end after one start: see `LANE_VARIABLE`.
 */
export function checkMaySpawn(): void {
  const kind = kindOfApplication();
  if (kind === undefined) return;
  throw forkError(
    'ERR_FORKMAP_SPAWN',
    `no process is started here: this is ${kind}, whose executable (${process.execPath}) starts the application and ` +
      "not Node. Use engine 'fork' or 'inline'",
  );
}

function kindOfApplication(): string | undefined {
  if (process.versions.electron !== undefined && !process.env.ELECTRON_RUN_AS_NODE) return 'Electron';
  return isSingleExecutable() ? 'a single executable application' : undefined;
}

function isSingleExecutable(): boolean {
  if ('pkg' in process) return true;
  try {
    const { isSea } = createRequire(import.meta.url)('node:sea') as typeof import('node:sea');
    return isSea();
  } catch {
    return false; // WHY: Node before 20.12 cannot say.
  }
}
