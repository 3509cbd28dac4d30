import type { CodecOptions } from '@forkmap/core/internal';
import { type Description, type ListShape, renameModules } from '../../recipe/describe.js';

/** What a spawned process is told first: all of a call but its items. Sent by the codec. */
export interface Program {
  /** What runs an item, or gathers what many come to. */
  thing: Description;
  isGathering: boolean;
  setup: Description;
  teardown: Description;
  warm: Description;
  types: Description;
  lists: ListShape[];
  codec: CodecOptions['codec'];
  maxResultBytes: number;
  memoryBytes: number | undefined;
  concurrency: number;
  goesOnAfterFailure: boolean;
  itemTimeoutMs: number | undefined;
  seed: number | string | undefined;
  firstIndex: number | undefined;
  places: Uint32Array | undefined;
  haltAfter: number | undefined;
  name: string | undefined;
  originPid: number;
}

/** What it is told before each chunk, as JSON. Then the items follow, a message for each part. */
export interface ChunkHeader {
  start: number;
  end: number;
  parts: PartHeader[];
  /** The items of the request before are still needed: this one goes on with their chunk. */
  keepsItems?: boolean;
}

/** Items of a list, that of the program at `list`. */
export interface PartHeader {
  list: number;
  start: number;
  /** How many values the message has: one per item, or one typed array of them all. */
  count: number;
}

/** How a program itself travels: it is data. */
export const PROGRAM_CODEC: CodecOptions = { codec: 'auto' };

/** The same program with the modules of its tasks named otherwise. */
export function renameProgram(program: Program, rename: (module: string) => string): Program {
  const { thing, warm, setup, teardown, types } = program;
  const again = (part: Description) => renameModules(part, rename);
  return {
    ...program,
    thing: again(thing),
    warm: again(warm),
    setup: again(setup),
    teardown: again(teardown),
    types: again(types),
  };
}
