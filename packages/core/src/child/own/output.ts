import { Readable, Writable } from 'node:stream';
import { isMainThread } from 'node:worker_threads';
import type { Surroundings } from '../work.js';

interface Output {
  _writableState: unknown;
  _write: Write;
  _writev: unknown;
}
type Write = (chunk: unknown, encoding: BufferEncoding, callback: (error?: Error | null) => void) => void;

/**
 * Standard output and error of a child: written at once and whole, whatever kind of file they are, so that nothing is
 * lost when it leaves. Standard input is at its end.
 */
export function ownOutputInChild(context: Surroundings): void {
  const { inherited } = context.protocol;
  own('stdout', 1, (context.inherited & inherited.stdoutStream) !== 0, context);
  own('stderr', 2, (context.inherited & inherited.stderrStream) !== 0, context);
  Object.defineProperty(context.host, 'stdin', { get: endedInput, configurable: true, enumerable: true });
}

function own(name: 'stdout' | 'stderr', fd: number, isMade: boolean, context: Surroundings): void {
  // WHY: console keeps the stream that it found first, so that one is changed in place. One that was never used is
  // changed when it is: to make it costs more than many chunks.
  if (isMade || (!isMainThread && context.host === process)) {
    writeAtOnce(context.host[name] as unknown as Output, fd, context);
    return;
  }
  const descriptor = Object.getOwnPropertyDescriptor(context.host, name);
  if (!descriptor?.get) return;
  let stream: Output | undefined;
  const get = () => {
    if (!stream) {
      context.child.withStandIn(fd, () => {
        stream = descriptor.get?.call(context.host) as Output;
      });
      writeAtOnce(stream as unknown as Output, fd, context);
    }
    return stream;
  };
  Object.defineProperty(context.host, name, { ...descriptor, get });
}

function writeAtOnce(stream: Output, fd: number, context: Surroundings): void {
  // WHY a fresh state: bytes that the origin has not written yet are the origin's to write.
  const fresh = new Writable({ decodeStrings: false }) as unknown as Output;
  stream._writableState = fresh._writableState;
  const write: Write = (chunk, encoding, callback) => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : (chunk as Uint8Array);
    callback(context.child.writeOutput(fd, bytes) ? null : new Error(`cannot write to descriptor ${fd}`));
  };
  stream._write = write;
  stream._writev = null;
}

let input: Readable | undefined;

function endedInput(): Readable {
  input ??= Object.assign(Readable.from([]), { fd: 0, ref: asItIs, unref: asItIs });
  return input;
}

function asItIs<T>(this: T): T {
  return this;
}
