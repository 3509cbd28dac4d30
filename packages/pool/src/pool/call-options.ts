import { canFork, isForkChild, native } from '@forkmap/core/internal';
import { type CheckedParMapOptions, checkParMapOptions, type ParMapOptions } from '../options.js';
import { refuseWhileLoading } from '../recipe/loading.js';
import type { Host } from './host.js';

/** Where children come from. `cannotFork`: nobody asked to spawn, but here nothing can be forked, and that is why. */
export type CallEngine = 'fork' | { cannotFork?: unknown };

/** A call's options over those of its pool, checked, and what follows from them. */
export interface CallOptions {
  options: CheckedParMapOptions;
  lanes: number;
  /** Everything runs in this process. */
  isInline: boolean;
  engine: CallEngine;
  /** The call, or its pool, says how many items a child gets. */
  hasChunk: boolean;
  ownsLanes: boolean;
}

/** Throws for wrong options, and where the pool is closed. */
export function callOptions(host: Host, given: ParMapOptions | undefined): CallOptions {
  refuseWhileLoading();
  host.assertOpen();
  checkParMapOptions(given);
  const options = checkParMapOptions(layOver(host.defaults, given));
  const lanes = Math.min(options.lanes ?? host.lanes, host.maxLanes);
  const asked = engineAsked(options);
  const isInline = asked === 'inline' || lanes === 0 || isForkChild();
  return {
    options,
    lanes,
    isInline,
    engine: isInline ? 'fork' : engineFor(asked),
    hasChunk: (given?.chunk ?? host.defaults.chunk) !== undefined,
    ownsLanes: options.lanes !== undefined,
  };
}

type EngineName = CheckedParMapOptions['engine'];

/** Where the items run: as the call says, or else `FORKMAP_ENGINE`. */
function engineAsked({ engine }: CheckedParMapOptions): EngineName {
  const { FORKMAP_ENGINE } = process.env;
  return checkParMapOptions({ engine: (engine === 'auto' ? FORKMAP_ENGINE : engine) as EngineName }).engine;
}

function engineFor(asked: EngineName): CallEngine {
  if (asked === 'spawn') return {};
  if (asked === 'fork' || canFork()) return 'fork';
  try {
    native();
  } catch (cannotFork) {
    return { cannotFork };
  }
  return 'fork';
}

/** What is `undefined` lays itself over nothing. */
export function layOver(under: ParMapOptions, over: ParMapOptions | undefined): ParMapOptions {
  const given = Object.entries(over ?? {}).filter(([, value]) => value !== undefined);
  return { ...under, ...Object.fromEntries(given) };
}
