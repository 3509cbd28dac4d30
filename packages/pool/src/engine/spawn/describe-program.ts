import {
  type ChildWork,
  encodeResults,
  type ForkOptions,
  finite,
  forkError,
  type Gathering,
  UnsendableError,
} from '@forkmap/core/internal';
import type { CheckedParMapOptions } from '../../options.js';
import type { Describer } from '../../recipe/describe.js';
import { pairsOf } from '../../recipe/item-functions.js';
import { made } from '../../recipe/made.js';
import { PROGRAM_CODEC, type Program } from './program.js';

/** What a call is besides its items, in the process that makes it. */
export interface CallProgram {
  work: ChildWork;
  options: CheckedParMapOptions;
  invoke: (index: number) => unknown;
  gathering?: Gathering | undefined;
  /** Nobody asked for another process: why this one cannot be forked. */
  cannotFork?: unknown;
}

/**
 * A call as data, for processes that are not forked from this one.
 * @throws ERR_FORKMAP_UNSUPPORTED for a function that is no task
 */
export function describeProgram(call: CallProgram, describer: Describer): Program {
  const { work, options, gathering, invoke, cannotFork } = call;
  const { setup: _, teardown: __, warm: ___, gathering: ____, invoke: _____, ...others } = work;
  const { codec, mustBeSync: ______, ...data } = others;
  const { types } = options;
  try {
    return {
      ...(data as Omit<typeof data, 'itemTimeoutMs'>),
      itemTimeoutMs: data.itemTimeoutMs,
      seed: data.seed,
      firstIndex: data.firstIndex,
      places: data.places,
      haltAfter: data.haltAfter,
      name: data.name,
      codec: codec.codec,
      isGathering: gathering !== undefined,
      memoryBytes: finite(options.memoryLimit),
      thing: describer.describe(gathering ?? invoke),
      setup: describer.describe(options.setup),
      teardown: describer.describe(options.teardown),
      warm: describer.describe(options.warm),
      types: describer.describe(types && describedTypes(types)),
      lists: describer.shapes(),
    };
  } catch (error) {
    throw cannotFork === undefined ? error : bothReasons(cannotFork as Error, error as Error);
  }
}

function describedTypes(types: NonNullable<ForkOptions['types']>): object {
  return made(pairsOf, Object.keys(types), ...Object.values(types).flat());
}

/** Nobody asked to spawn: the reason why this process cannot be forked comes first. */
function bothReasons(cannotFork: Error, closure: Error): Error {
  return forkError(
    'ERR_FORKMAP_UNSUPPORTED',
    `${cannotFork.message}. Tasks are spawned here, but ${closure.message}`,
    { cause: cannotFork.cause },
  );
}

/** @throws ERR_FORKMAP_SERIALIZE_INPUT where an option or an argument of a step cannot be sent */
export function encodeProgram(program: Program): Uint8Array {
  try {
    return encodeResults([program], PROGRAM_CODEC);
  } catch (cause) {
    if (!(cause instanceof UnsendableError)) throw cause;
    const message = `an option or callback of this call cannot be sent to another process: ${cause.what}`;
    throw forkError('ERR_FORKMAP_SERIALIZE_INPUT', message, { cause });
  }
}
