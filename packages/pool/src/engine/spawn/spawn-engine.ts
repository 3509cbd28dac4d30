import {
  type ChildWork,
  encodeResults,
  type ForkOptions,
  finite,
  forkError,
  type Gathering,
  makeMessage,
  PROTOCOL,
  UnsendableError,
} from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/native';
import type { Range } from '../../call/chunks.js';
import type { CheckedParMapOptions } from '../../options.js';
import { Describer } from '../../recipe/describe.js';
import { pairsOf } from '../../recipe/item-functions.js';
import { type ItemsRead, made } from '../../recipe/made.js';
import type { Driven, Engine } from '../engine.js';
import { LaneProcess, slotOf, sysErrorOf } from './lane-process.js';
import { encodeChunk } from './parts.js';
import { PROGRAM_CODEC, type Program } from './program.js';

interface Parts {
  work: ChildWork;
  options: CheckedParMapOptions;
  lanes: number;
  invoke: (index: number) => unknown;
  gathering?: Gathering | undefined;
  reads?: ((range: Range) => ItemsRead[]) | undefined;
  cannotFork?: unknown;
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
    this.#program = makeMessage(encodeProgram(this.#describe()));
    return this.#board;
  }

  /** Processes are started as chunks need them. */
  async prepare(): Promise<{ pid: number; ms: number }> {
    return { pid: process.pid, ms: 0 };
  }

  async drive(range: Range): Promise<Driven> {
    const { options, reads } = this.#parts;
    const messages = encodeChunk(range, reads?.(range) ?? [], {
      lists: this.#describer.lists,
      codec: this.#parts.work.codec,
    });
    if ('unsendable' in messages) return messages;
    const lane = this.#takeLane();
    try {
      const process = this.#processOf(lane);
      if ('errno' in process) return notStarted(range, lane, process);
      const maxPayloadBytes = Math.min(options.maxResultBytes, Number.MAX_SAFE_INTEGER);
      const running = process.run({ ...range, maxPayloadBytes }, messages);
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
    await Promise.all(this.#lanes.map((lane) => lane?.end()));
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

  #describe(): Program {
    const { work, options, gathering, invoke, cannotFork } = this.#parts;
    const { setup: _, gathering: __, invoke: ___, codec, mustBeSync: ____, ...data } = work;
    const describer = this.#describer;
    const { types } = options;
    try {
      return {
        ...(data as Omit<typeof data, 'itemTimeoutMs'>),
        itemTimeoutMs: data.itemTimeoutMs,
        seed: data.seed,
        firstIndex: data.firstIndex,
        name: data.name,
        codec: codec.codec,
        isGathering: gathering !== undefined,
        memoryBytes: finite(options.memoryLimit),
        thing: describer.describe(gathering ?? invoke),
        setup: describer.describe(options.setup),
        types: describer.describe(types && describedTypes(types)),
        lists: describer.shapes(),
      };
    } catch (error) {
      throw cannotFork === undefined ? error : toldBoth(cannotFork as Error, error as Error);
    }
  }
}

function describedTypes(types: NonNullable<ForkOptions['types']>): object {
  return made(pairsOf, Object.keys(types), ...Object.values(types).flat());
}

/** Nobody asked to spawn: why it cannot be forked comes first. */
function toldBoth(cannotFork: Error, closure: Error): Error {
  return forkError(
    'ERR_FORKMAP_UNSUPPORTED',
    `${cannotFork.message}. Tasks are spawned here, but ${closure.message}`,
    {
      cause: cannotFork.cause,
    },
  );
}

function encodeProgram(program: Program): Uint8Array {
  try {
    return encodeResults([program], PROGRAM_CODEC);
  } catch (cause) {
    if (!(cause instanceof UnsendableError)) throw cause;
    const message = `what the call is given besides its items cannot be sent to a spawned process: ${cause.what}`;
    throw forkError('ERR_FORKMAP_SERIALIZE_INPUT', message, { cause });
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
