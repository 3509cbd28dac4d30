/** The program of a spawned process: takes what a call is from the origin, and runs a lane's chunks. */
import {
  becomeSpawnedChild,
  type ChildWork,
  decodeResults,
  type Gathering,
  LANE_FDS,
  type LaneRequest,
  readMessage,
  runLane,
  watchLife,
} from '@forkmap/core/internal';
import type { Gatherer } from '../../par/gatherer.js';
import { whileLoading } from '../../recipe/loading.js';
import { Rebuilder } from '../../recipe/rebuild.js';
import { loadTask } from '../../recipe/task.js';
import { type ChunkHeader, PROGRAM_CODEC, type Program } from './program.js';

type Types = NonNullable<ChildWork['codec']['types']>;

/** A program made again; or why it could not be. */
interface Ready {
  work: ChildWork;
  lists: unknown[][];
  failure?: string;
}

async function makeReady(program: Program): Promise<Ready> {
  const rebuilder = new Rebuilder(program.lists);
  const { lists } = rebuilder;
  try {
    const thing = rebuilder.rebuild(program.thing);
    const setup = rebuilder.rebuild(program.setup) as ChildWork['setup'];
    const teardown = rebuilder.rebuild(program.teardown) as ChildWork['teardown'];
    const warm = rebuilder.rebuild(program.warm) as ChildWork['warm'];
    const types = rebuilder.rebuild(program.types) as Types | undefined;
    await whileLoading(async () => {
      for (const task of rebuilder.tasks) await loadTask(task);
    });
    return { lists, work: { ...workOf(program, types), ...runnerOf(thing, program), setup, teardown, warm } };
  } catch (error) {
    const invoke = () => undefined;
    return {
      lists,
      work: { ...workOf(program), invoke },
      failure: (error as Error)?.message ?? String(error),
    };
  }
}

function runnerOf(thing: unknown, { isGathering }: Program): Pick<ChildWork, 'invoke' | 'gathering'> {
  if (!isGathering) return { invoke: thing as ChildWork['invoke'] };
  const gatherer = thing as Gatherer;
  return { invoke: (position) => gatherer.feed(position), gathering: gatherer as Gathering };
}

function workOf(program: Program, types?: Types): Omit<ChildWork, 'invoke'> {
  const { maxResultBytes, concurrency, goesOnAfterFailure, itemTimeoutMs } = program;
  const { codec, seed, firstIndex, places, haltAfter, name, originPid } = program;
  return {
    codec: { codec, ...(types && { types }) },
    maxResultBytes,
    concurrency,
    goesOnAfterFailure,
    itemTimeoutMs,
    seed,
    firstIndex,
    places,
    haltAfter,
    name,
    originPid,
    mustBeSync: false,
  };
}

const textDecoder = new TextDecoder();

/** Waits for the next chunk, and puts its items where they belong; those before it go. */
class Requests {
  readonly #ready: Ready;
  #filled: { list: unknown[]; start: number; end: number }[] = [];

  constructor(ready: Ready) {
    this.#ready = ready;
  }

  next(): LaneRequest | undefined {
    const header = readMessage(LANE_FDS.requests);
    if (!header) return undefined;
    const { start, end, parts, keepsItems } = JSON.parse(textDecoder.decode(header)) as ChunkHeader;
    if (!keepsItems) this.#empty();
    let { failure } = this.#ready;
    for (const part of parts) {
      const payload = readMessage(LANE_FDS.requests);
      if (!payload) return undefined;
      try {
        this.#fill(part, decodeResults(payload, part.count, this.#ready.work.codec));
      } catch (error) {
        failure ??= `its items arrived, but could not be decoded: ${(error as Error).message}`;
      }
    }
    return { start, end, failure };
  }

  #fill({ list: at, start }: ChunkHeader['parts'][number], values: unknown[]): void {
    const list = this.#ready.lists[at] as unknown[];
    const items = ArrayBuffer.isView(list) ? (values[0] as ArrayLike<unknown>) : values;
    for (let i = 0; i < items.length; i++) list[start + i] = items[i];
    if (!ArrayBuffer.isView(list)) this.#filled.push({ list, start, end: start + items.length });
  }

  #empty(): void {
    for (const { list, start, end } of this.#filled) list.fill(undefined, start, end);
    this.#filled = [];
  }
}

async function main(): Promise<void> {
  const first = readMessage(LANE_FDS.requests);
  if (!first) return;
  const program = decodeResults(first, 1, PROGRAM_CODEC)[0] as Program;
  becomeSpawnedChild();
  watchLife(LANE_FDS.life, program.memoryBytes);
  const ready = await makeReady(program);
  const requests = new Requests(ready);
  runLane({ work: ready.work, next: () => requests.next() });
}

void main();
