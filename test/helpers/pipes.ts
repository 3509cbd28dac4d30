import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { releaseAtEnd } from './held.js';

/** A pipe with a name: children open it themselves, so that it matters to nobody what they inherit. */
function makeNamedPipe(): string {
  const dir = mkdtempSync(join(tmpdir(), 'forkmap-pipe-'));
  const path = join(dir, 'pipe');
  execFileSync('mkfifo', [path]);
  releaseAtEnd(() => rmSync(dir, { recursive: true }));
  return path;
}

export interface Messages {
  /** Where lines are said, for who is no child. */
  path: string;
  /** In a child: says something. Short texts arrive whole, from however many children. */
  tell(text: string | number): void;
  /** In the test: the next thing that a child said. */
  next(): Promise<string>;
}

/** Lines from children to the test, until it is finished. */
export function openMessages(): Messages {
  const path = makeNamedPipe();
  // WHY for writing too: the pipe would be at its end whenever no child has it open.
  const socket = new Socket({ fd: openSync(path, constants.O_RDWR | constants.O_NONBLOCK) });
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  releaseAtEnd(() => void socket.destroy());
  return {
    path,
    tell: (text) => appendFileSync(path, `${text}\n`),
    next: async () => (await lines.next()).value as string,
  };
}

export interface Gate {
  /** Where it is opened with a byte, and passed with one, by who is neither. */
  path: string;
  /** In a child: blocks its thread until it may pass. */
  pass(): void;
  /** In the test: lets so many children pass, now or when they come. */
  open(count?: number): void;
}

/** Holds children until the test lets them go. One that is never let go sleeps until it is killed. */
export function openGate(): Gate {
  const path = makeNamedPipe();
  const fd = openSync(path, constants.O_RDWR);
  releaseAtEnd(() => closeSync(fd));
  return {
    path,
    pass() {
      const own = openSync(path, 'r');
      readSync(own, Buffer.alloc(1));
      closeSync(own);
    },
    open: (count = 1) => void writeSync(fd, '.'.repeat(count)),
  };
}
