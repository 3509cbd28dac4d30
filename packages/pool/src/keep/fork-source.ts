import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import {
  type ChildWork,
  finite,
  makeChildMain,
  native,
  PROTOCOL,
  prepareForChildren,
  rehearsedItem,
} from '@forkmap/core/internal';
import type { ForkedKept, Heard, KeptHandle, Outcome, SysError } from '@forkmap/native';
import { notForked } from '../call/stops.js';
import { forkUndisturbed } from '../engine/fork/drivers.js';
import { mapItem } from '../recipe/item-functions.js';
import type { CheckedKeepOptions } from './options.js';
import type { Link, Source } from './source.js';

/** WHY more than lanes: one that is on its way out, and one that is born in its place, are both there. */
const SLOTS_PER_LANE = 2;
const SPARE_SLOTS = 2;
/** WHY: what many children share is worth preparing. */
const EXPECTED_CHILDREN = 8;
const REHEARSED = [mapItem([{}, {}], (_item, index) => rehearsedItem(index))];
/** What a message may have besides. */
const MESSAGE_BYTES = 2 ** 20;
const KEPT_OUTPUT_CHARS = 2 ** 20;

/** Kept children are forked from a snapshot of this process. */
export class ForkSource implements Source {
  readonly slots: number;
  /** Until it is frozen. WHY no longer: the function may refer to what its caller holds of it. */
  #work: ChildWork | undefined;
  readonly #options: CheckedKeepOptions;
  #id = 0;
  #board = new ArrayBuffer(0);
  pid = 0;

  constructor(work: ChildWork, options: CheckedKeepOptions, lanes: number) {
    this.#work = work;
    this.#options = options;
    this.slots = lanes * SLOTS_PER_LANE + SPARE_SLOTS;
  }

  async open(): Promise<void> {
    prepareForChildren(REHEARSED, EXPECTED_CHILDREN);
    const opened = native().openCall(this.slots);
    if ('errno' in opened) throw notForked(opened, 'keep');
    this.#id = opened.id;
    this.#board = opened.board;
    const main = makeChildMain(this.#work as ChildWork);
    this.#work = undefined;
    const ready = await forkUndisturbed(
      () =>
        new Promise<{ pid: number } | SysError>((resolve) => {
          native().snapshot(this.#id, main, false, resolve);
        }),
    );
    if ('pid' in ready) this.pid = ready.pid;
    else {
      await this.close();
      throw notForked(ready, 'keep');
    }
  }

  fork(heard: Heard): Promise<Link | { refused: Outcome }> {
    const { memoryLimit, maxResultBytes, itemTimeout, stdio } = this.#options;
    const { failureBytes } = PROTOCOL.frame;
    const request = {
      // WHY more than a result may have: that is for the child to say.
      maxPayloadBytes: Math.min(
        Math.max(maxResultBytes, failureBytes) + MESSAGE_BYTES,
        Number.MAX_SAFE_INTEGER,
      ),
      memoryBytes: finite(memoryLimit),
      itemTimeoutMs: finite(itemTimeout),
      stdio,
    };
    return new Promise((resolve) => {
      native().keep.fork(this.#id, request, heard, (forked) =>
        resolve(forked.handle ? new ForkedLink(forked, forked.handle, this.#board) : { refused: forked }),
      );
    });
  }

  /** SOURCE: proc_pid_status(5): RssAnon, in kB. */
  frozenBytes(): number {
    try {
      const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
      return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
    } catch {
      return 0; // WHY: a snapshot that is gone holds nothing.
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => native().closeCall(this.#id, () => resolve()));
  }
}

class ForkedLink implements Link {
  readonly pid: number;
  readonly slot: Int32Array;
  readonly #handle: KeptHandle;
  readonly #out: OutputTail | undefined;
  readonly #err: OutputTail | undefined;
  #hasEnded = false;

  constructor({ pid, lane, outFd, errFd }: ForkedKept, handle: KeptHandle, board: ArrayBuffer) {
    const { bytesPerSlot } = PROTOCOL.slot;
    this.pid = pid;
    this.#handle = handle;
    this.slot = new Int32Array(board, lane * bytesPerSlot, bytesPerSlot / Int32Array.BYTES_PER_ELEMENT);
    this.#out = outFd === undefined ? undefined : new OutputTail(outFd);
    this.#err = errFd === undefined ? undefined : new OutputTail(errFd);
  }

  send(kind: number, id: number, count: number, payload?: Uint8Array): number {
    return native().keep.send(this.#handle, kind, id, count, payload);
  }

  kill(ending: number): void {
    if (!this.#hasEnded) native().keep.kill(this.#handle, ending);
  }

  exceedsMemory(): boolean {
    return native().keep.exceedsMemory(this.#handle);
  }

  async end(): Promise<Outcome> {
    this.#hasEnded = true;
    const outcome = await new Promise<Outcome>((resolve) => native().keep.end(this.#handle, resolve));
    await Promise.all([this.#out?.finish(), this.#err?.finish()]);
    return { ...outcome, ...this.takeOutput() };
  }

  takeOutput(): { stdout?: string; stderr?: string } {
    if (!this.#out || !this.#err) return {};
    return { stdout: this.#out.take(), stderr: this.#err.take() };
  }
}

/** What a child writes to a pipe: the end of it is kept. */
class OutputTail {
  #text = '';
  #pieces = 0;
  readonly #pipe: Socket;

  constructor(fd: number) {
    this.#pipe = new Socket({ fd, readable: true, writable: false }).setEncoding('utf8').unref();
    this.#pipe.on('data', (text: string) => {
      this.#pieces += 1;
      this.#text = (this.#text + text).slice(-KEPT_OUTPUT_CHARS);
    });
    this.#pipe.on('error', () => undefined); // WHY: a close follows.
  }

  /** Reads what is there. WHY not to its end: a process that the child has left behind may have the pipe open. */
  async finish(): Promise<void> {
    for (let seen = -1; seen !== this.#pieces && !this.#pipe.destroyed; ) {
      seen = this.#pieces;
      await turn();
      await turn();
    }
    this.#pipe.destroy();
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}
