import { checkMaySpawn, has, makeMessage, PROTOCOL } from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/native';
import type { Range } from '../../call/chunks.js';
import { Describer } from '../../recipe/describe.js';
import type { ItemsRead } from '../../recipe/made.js';
import type { Driven, Engine } from '../engine.js';
import { type CallProgram, describeProgram, encodeProgram } from './describe-program.js';
import { LaneProcess, slotOf, sysErrorOf } from './lane-process.js';
import { chunkMessages, encodeItems } from './parts.js';

interface Parts extends CallProgram {
  lanes: number;
  reads?: ((range: Range) => ItemsRead[]) | undefined;
}

/** Children are processes of Node's own, started anew, one per lane for all its chunks; items are sent to them. */
export class SpawnEngine implements Engine {
  readonly isForking = false;
  readonly #parts: Parts;
  readonly #describer = new Describer();
  readonly #board: ArrayBuffer;
  readonly #lanes: (LaneProcess | undefined)[];
  readonly #busy = new Set<number>();
  #program: Uint8Array = new Uint8Array();
  #isCancelled = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#board = new ArrayBuffer(parts.lanes * PROTOCOL.slot.bytesPerSlot);
    this.#lanes = new Array(parts.lanes);
  }

  open(): ArrayBuffer {
    checkMaySpawn();
    this.#program = makeMessage(encodeProgram(describeProgram(this.#parts, this.#describer)));
    return this.#board;
  }

  /** Processes are started as chunks need them. */
  async prepare(): Promise<{ pid: number; ms: number }> {
    return { pid: process.pid, ms: 0 };
  }

  async drive(range: Range): Promise<Driven> {
    const { options, reads } = this.#parts;
    const items = encodeItems(range, reads?.(range) ?? [], {
      lists: this.#describer.lists,
      codec: this.#parts.work.codec,
    });
    if (has(items, 'unsendable')) return items;
    const lane = this.#takeLane();
    try {
      const process = this.#processOf(lane);
      if (has(process, 'errno')) return notStarted(range, lane, process);
      const maxPayloadBytes = Math.min(options.maxResultBytes, Number.MAX_SAFE_INTEGER);
      const running = process.run(
        { ...range, maxPayloadBytes },
        chunkMessages({ ...range, parts: items.parts }, items.payloads),
      );
      if (this.#isCancelled) process.kill(PROTOCOL.ending.aborted);
      return await running;
    } finally {
      this.#busy.delete(lane);
    }
  }

  cancel(): void {
    this.#isCancelled = true;
    for (const lane of this.#lanes) lane?.kill(PROTOCOL.ending.aborted);
  }

  endChildren(): void {
    // WHY nothing: they share no memory with this process, and end as soon as they are told.
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane?.end(this.#isCancelled)));
  }

  #takeLane(): number {
    for (let lane = 0; ; lane++) {
      if (this.#busy.has(lane)) continue;
      this.#busy.add(lane);
      return lane;
    }
  }

  #processOf(lane: number) {
    const known = this.#lanes[lane];
    if (known && !known.isDead) return known;
    try {
      const started = new LaneProcess({
        lane,
        stdio: this.#parts.options.stdio,
        itemTimeoutMs: this.#parts.work.itemTimeoutMs,
        slot: slotOf(this.#board, lane),
        program: this.#program,
      });
      this.#lanes[lane] = started;
      return started;
    } catch (error) {
      return sysErrorOf(error as Error);
    }
  }
}

function notStarted({ start }: Range, lane: number, error: Outcome['error'] & object): Outcome {
  return {
    ending: PROTOCOL.ending.notForked,
    isWhole: false,
    hasPartial: false,
    pid: 0,
    isReaped: true,
    begun: start,
    done: start,
    reason: PROTOCOL.reason.none,
    exitArgument: 0,
    brokenFirst: -1,
    peakPrivateBytes: 0,
    workMs: 0,
    lane,
    beganMs: 0,
    encodeMs: 0,
    sendMs: 0,
    forkedMs: 0,
    forkMs: 0,
    endedMs: 0,
    error,
  };
}
