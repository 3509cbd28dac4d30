import { debuglog } from 'node:util';
import { traceToFile } from './chrome.js';
import { tellStory } from './story.js';

let hasLooked = false;

/** Once in this thread's life: `FORKMAP_TRACE=file.json` writes a trace, `NODE_DEBUG=forkmap` tells what happens. */
export function listenAsEnvironmentSays(): void {
  if (hasLooked) return;
  hasLooked = true;
  const path = process.env.FORKMAP_TRACE;
  if (path) writeTrace(path);
  const log = debuglog('forkmap');
  if (log.enabled) tellStory(log);
}

/** WHY a warning and no error: a trace that cannot be written is no reason for the call to fail. */
function writeTrace(path: string): void {
  try {
    traceToFile(path);
  } catch (error) {
    process.emitWarning(`FORKMAP_TRACE: ${(error as Error).message}`, { type: 'ForkmapWarning' });
  }
}
