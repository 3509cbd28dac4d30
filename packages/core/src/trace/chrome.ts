import { closeSync, openSync, writeSync } from 'node:fs';
import { isMainThread, threadId } from 'node:worker_threads';
import { listen } from './channels.js';
import { ChromeEvents } from './chrome-events.js';

const FLUSH_CHARS = 64 * 1024;

/**
 * Writes what calls do from now on into a file, in Chrome's trace format: open it in https://ui.perfetto.dev or
 * `chrome://tracing`. Each lane is a row; chunks are spans on it, in which forking, the function's work, encoding and
 * sending are spans of their own; calls, snapshots and decoding are spans in the caller's row; a child that died, a mark.
 *
 * @param path is written anew. `%p` stands for this process's id. In a worker thread the thread's id is put before the ending.
 * @returns how to stop, and finish the file; the end of the process does so too. A file whose process was killed lacks
 *   only its last lines, and opens all the same.
 * @throws the system's error where the file cannot be made.
 */
export function traceToFile(path: string): () => void {
  const file = new TraceFile(placeOf(path));
  const events = new ChromeEvents((event) => file.write(JSON.stringify(event)));
  const stopListening = listen(events);
  const stop = () => {
    stopListening();
    process.off('exit', stop);
    file.close();
  };
  process.on('exit', stop);
  file.onFailure = stop;
  return stop;
}

function placeOf(path: string): string {
  const own = path.replaceAll('%p', String(process.pid));
  return isMainThread ? own : own.replace(/(\.\w+)?$/, `.${threadId}$1`);
}

/** An array of JSON, written as it grows: a reader of traces does without the closing bracket, if it must. */
class TraceFile {
  readonly #fd: number;
  readonly #pid = process.pid;
  #text = '[\n';
  #isFirst = true;
  #isClosed = false;
  onFailure: () => void = () => undefined;

  constructor(path: string) {
    this.#fd = openSync(path, 'w');
  }

  write(event: string): void {
    // WHY: a child that itself makes calls has inherited all of this, and the file is not its own.
    if (this.#isClosed || process.pid !== this.#pid) return;
    this.#text += this.#isFirst ? event : `,\n${event}`;
    this.#isFirst = false;
    if (this.#text.length >= FLUSH_CHARS) this.#flush();
  }

  close(): void {
    if (this.#isClosed || process.pid !== this.#pid) return;
    this.#text += '\n]\n';
    this.#flush();
    this.#isClosed = true;
    closeSync(this.#fd);
  }

  #flush(): void {
    const text = this.#text;
    this.#text = '';
    try {
      writeSync(this.#fd, text);
    } catch (error) {
      this.#isClosed = true;
      closeSync(this.#fd);
      process.emitWarning(`the trace was given up: ${(error as Error).message}`, { type: 'ForkmapWarning' });
      this.onFailure();
    }
  }
}
