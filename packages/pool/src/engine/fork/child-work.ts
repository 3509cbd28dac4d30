import { type ChildWork, finite, type Gathering } from '@forkmap/core/internal';
import type { CheckedParMapOptions } from '../../options.js';

interface Parts {
  /** Runs the item of that index. */
  invoke: (index: number) => unknown;
  gathering?: Gathering | undefined;
  firstIndex?: number | undefined;
  places?: Uint32Array | undefined;
  haltAfter?: number | undefined;
  options: CheckedParMapOptions;
}

/** What the children of a call are to do. */
export function childWork(
  { invoke, gathering, firstIndex, places, haltAfter, options }: Parts,
  isSplittable: boolean,
): ChildWork {
  return {
    invoke,
    gathering,
    firstIndex,
    places: options.seed === undefined ? undefined : places,
    haltAfter,
    isSplittable,
    setup: options.setup,
    teardown: options.teardown,
    warm: options.warm,
    codec: { codec: options.codec, ...(options.types && { types: options.types }) },
    maxResultBytes: options.maxResultBytes,
    concurrency: options.concurrency,
    goesOnAfterFailure: options.settle,
    mustBeSync: false,
    itemTimeoutMs: finite(options.itemTimeout),
    seed: options.seed,
    name: options.name,
    originPid: process.pid,
  };
}
