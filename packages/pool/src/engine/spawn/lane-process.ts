import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import {
  ChunkFrames,
  type ChunkLimits,
  childProcesses,
  LANE_FDS,
  LANE_VARIABLE,
  monotonicMs,
  type Note,
  nodeFlags,
  outcomeOf,
  PROTOCOL,
  type ProcessEnd,
  readNote,
} from '@forkmap/core/internal';
import type { Outcome, SysError } from '@forkmap/native';
import { Captured } from './captured.js';
import { ItemClock } from './item-clock.js';

const MAIN = join(import.meta.dirname, 'child-main.cjs');
const INTS = Int32Array.BYTES_PER_ELEMENT;

interface Parts {
  lane: number;
  stdio: 'inherit' | 'ignore' | 'capture';
  itemTimeoutMs: number | undefined;
  /** Where others look how far it is. */
  slot: Int32Array;
  /** What it is told first. */
  program: Uint8Array;
}

/** A chunk that the process has. */
interface Chunk {
  frames: ChunkFrames;
  limits: ChunkLimits;
  note: Note | undefined;
  spill: ArrayBuffer;
  askedMs: number;
  beganMs: number;
  clock: ItemClock | undefined;
  settle: (outcome: Outcome) => void;
}

/** A spawned process, and what a driver is for a forked child. It has one chunk at a time, and is gone when it has died. */
export class LaneProcess {
  readonly #parts: Parts;
  readonly #child: ChildProcess;
  readonly #forkedMs = monotonicMs();
  readonly #captured: Captured | undefined;
  readonly #gone: Promise<void>;
  #chunk: Chunk | undefined;
  #ending: number | undefined;
  #peakBytes = 0;
  #hasServed = false;
  isDead = false;

  /** Throws a system error where it cannot be started. */
  constructor(parts: Parts) {
    this.#parts = parts;
    const output = parts.stdio === 'capture' ? 'pipe' : parts.stdio;
    // WHY without: the origin writes its trace; a process of its own would write over it.
    const { FORKMAP_TRACE: _, ...env } = process.env;
    this.#child = childProcesses().spawn(process.execPath, [...nodeFlags(), MAIN], {
      stdio: ['ignore', output, output, 'pipe', 'pipe', 'pipe'],
      env: { ...env, [LANE_VARIABLE]: '1' },
    });
    this.#captured = parts.stdio === 'capture' ? new Captured(this.#child) : undefined;
    this.#pipe(LANE_FDS.frames).on('data', (bytes: Uint8Array) => this.#read(bytes));
    this.#pipe(LANE_FDS.life).on('data', (text: Uint8Array) => this.#killForMemory(Number(text)));
    for (const fd of Object.values(LANE_FDS)) this.#pipe(fd).on('error', () => undefined); // It is gone: see `exit`.
    this.#gone = this.#watchEnd();
    this.#send(parts.program);
  }

  /** Runs a chunk. @param messages what it is told of it */
  run(limits: ChunkLimits, messages: readonly Uint8Array[]): Promise<Outcome> {
    const { itemTimeoutMs } = this.#parts;
    return new Promise((settle) => {
      this.#chunk = {
        limits,
        frames: new ChunkFrames(limits, (header, frame) => this.#takeNote(header, frame)),
        note: undefined,
        spill: new ArrayBuffer(PROTOCOL.spill.text + PROTOCOL.spill.textBytes),
        askedMs: monotonicMs(),
        beganMs: 0,
        clock:
          itemTimeoutMs === undefined
            ? undefined
            : new ItemClock(itemTimeoutMs, () => this.kill(PROTOCOL.ending.itemTimeout)),
        settle,
      };
      for (const message of messages) this.#send(message);
    });
  }

  /** @param ending what the chunk's outcome is to say of it */
  kill(ending: number): void {
    this.#ending ??= ending;
    this.#child.kill('SIGKILL');
  }

  /**
   * Ends it, and waits until it is gone. It has so long for what is left to do, as kept children have, unless it is called
   * off.
   */
  async end(isCalledOff: boolean): Promise<void> {
    if (isCalledOff || this.#chunk) this.kill(PROTOCOL.ending.aborted);
    else this.#pipe(LANE_FDS.requests).end();
    const late = setTimeout(() => this.kill(PROTOCOL.ending.aborted), PROTOCOL.leavesWithinMs);
    await this.#gone;
    clearTimeout(late);
  }

  #pipe(fd: number): Readable & Writable {
    return this.#child.stdio[fd] as Readable & Writable;
  }

  #send(message: Uint8Array): void {
    this.#pipe(LANE_FDS.requests).write(message);
  }

  #read(bytes: Uint8Array): void {
    const frames = this.#chunk?.frames;
    frames?.push(bytes);
    if (frames?.isWhole) void this.#finish(undefined);
    else if (frames?.state === 'tooLarge') this.kill(PROTOCOL.ending.tooLarge);
    else if (frames?.state === 'broken') this.kill(PROTOCOL.ending.brokenFrame);
  }

  #takeNote(header: { first: number; count: number }, frame: Uint8Array): boolean {
    const chunk = this.#chunk as Chunk;
    const note = readNote(frame, header, chunk.spill);
    if (!note) return false;
    chunk.note = note;
    const slot = new Int32Array(note.slot);
    this.#parts.slot.set(slot);
    const { begun, pending } = PROTOCOL.slot;
    if (chunk.beganMs === 0 && (slot[begun] as number) > chunk.limits.start)
      chunk.beganMs = performance.now();
    chunk.clock?.sawItem((slot[pending] as number) > 0);
    return true;
  }

  #killForMemory(bytes: number): void {
    this.#peakBytes = bytes;
    this.kill(PROTOCOL.ending.memoryLimit);
  }

  async #watchEnd(): Promise<void> {
    const closed = new Promise((resolve) => this.#pipe(LANE_FDS.frames).on('close', resolve));
    const ended = await new Promise<ProcessEnd>((resolve) => {
      this.#child.on('exit', (code, signal) => resolve({ code, signal }));
      this.#child.on('error', (error) => {
        if (this.#child.pid === undefined) resolve({ code: null, signal: null, error });
      });
    });
    this.isDead = true;
    if (!ended.error) await closed;
    await this.#finish(ended);
  }

  /** The chunk is over: whole, or with its process. */
  async #finish(ended: ProcessEnd | undefined): Promise<void> {
    const chunk = this.#chunk;
    if (!chunk) return;
    this.#chunk = undefined;
    chunk.clock?.stop();
    // What it wrote before it said that it had ended is read in the loop's next turn, at the latest.
    if (this.#captured) await this.#captured.settle();
    this.#parts.slot.fill(0);
    chunk.settle(this.#outcome(chunk, ended));
    this.#hasServed = true;
  }

  #outcome(chunk: Chunk, ended: ProcessEnd | undefined): Outcome {
    const { note, frames, limits } = chunk;
    const at = PROTOCOL.slot;
    const slot = new Int32Array(note?.slot ?? new ArrayBuffer(PROTOCOL.slot.bytesPerSlot));
    const times = new Float64Array(slot.buffer);
    const forkedMs = this.#hasServed ? chunk.askedMs : this.#forkedMs;
    const outcome = outcomeOf({ pid: this.#child.pid ?? 0, frames, ended, forkedMs });
    const waitedMs = chunk.beganMs > 0 ? chunk.beganMs - performance.now() + outcome.endedMs - forkedMs : 0;
    return {
      ...outcome,
      ...(ended?.error && { ending: PROTOCOL.ending.notForked, error: sysErrorOf(ended.error) }),
      ...(ended && this.#ending !== undefined && !frames.isWhole && { ending: this.#ending }),
      begun: note ? (slot[at.begun] as number) : limits.start,
      done: note ? (slot[at.done] as number) : limits.start,
      reason: note?.reason ?? PROTOCOL.reason.none,
      exitArgument: note?.exitCode ?? 0,
      peakPrivateBytes: this.#peakBytes,
      lane: this.#parts.lane,
      forkMs: this.#hasServed ? 0 : waitedMs,
      beganMs: chunk.beganMs,
      workMs: times[at.workMs] as number,
      encodeMs: times[at.encodeMs] as number,
      hasAwaited: slot[at.awaited] === 1,
      ...(ended && !frames.isWhole && { spill: chunk.spill, spilled: slot[at.spilled] as number }),
      ...this.#captured?.take(),
    };
  }
}

/** As the addon gives them. */
export function sysErrorOf(error: Error): SysError {
  const { errno = 0 } = error as NodeJS.ErrnoException;
  return { errno: Math.abs(errno), syscall: 'spawn' };
}

/** The slot of a lane on the board. */
export function slotOf(board: ArrayBuffer, lane: number): Int32Array {
  const { bytesPerSlot } = PROTOCOL.slot;
  return new Int32Array(board, lane * bytesPerSlot, bytesPerSlot / INTS);
}
