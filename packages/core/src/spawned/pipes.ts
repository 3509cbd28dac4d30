import { readSync, writeSync } from 'node:fs';

/** Writes all of it, on a pipe that blocks. Throws where the other end is closed. */
export function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength; ) {
    at += retried(() => writeSync(fd, bytes, at, bytes.byteLength - at));
  }
}

/** Reads so many bytes. Fewer where the pipe is at its end. */
export function readWhole(fd: number, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  let at = 0;
  while (at < count) {
    const got = retried(() => readSync(fd, bytes, at, count - at, null));
    if (got === 0) break;
    at += got;
  }
  return bytes.subarray(0, at);
}

const PAUSE_MS = 1;

/** WHY: should the pipe be one that does not block, there is nothing to do but to wait. */
function retried(call: () => number): number {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, PAUSE_MS);
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Reads one message: a length of eight bytes, and what follows. Undefined at the end of the pipe. */
export function readMessage(fd: number): Uint8Array | undefined {
  const length = readWhole(fd, LENGTH_BYTES);
  if (length.byteLength < LENGTH_BYTES) return undefined;
  const bytes = Number(new DataView(length.buffer, length.byteOffset).getBigUint64(0, true));
  const message = readWhole(fd, bytes);
  return message.byteLength === bytes ? message : undefined;
}

const LENGTH_BYTES = 8;

/** What `readMessage` reads. */
export function makeMessage(bytes: Uint8Array): Uint8Array {
  const message = new Uint8Array(LENGTH_BYTES + bytes.byteLength);
  new DataView(message.buffer).setBigUint64(0, BigInt(bytes.byteLength), true);
  message.set(bytes, LENGTH_BYTES);
  return message;
}
