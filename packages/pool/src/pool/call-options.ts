import { canFork, invalidArgValue, isForkChild, native } from '@forkmap/core/internal';
import { isRemoteEngine, type RemoteEngine } from '../engine/remote.js';
import { type CheckedParMapOptions, checkParMapOptions, type ParMapOptions } from '../options.js';
import { refuseWhileLoading } from '../recipe/loading.js';
import type { Host } from './host.js';

/** Where children come from. `cannotFork`: nobody asked to spawn, but this process cannot be forked, and why. */
export type CallEngine = 'fork' | { cannotFork?: unknown } | { remote: RemoteEngine };

/** A call's options over those of its pool, checked, and what follows from them. */
export interface CallOptions {
  options: CheckedParMapOptions;
  lanes: number;
  /** Everything runs in this process. */
  isInline: boolean;
  engine: CallEngine;
  ownsLanes: boolean;
}

/** Throws for wrong options, and where the pool is closed. */
export function callOptions(host: Host, given: ParMapOptions | undefined): CallOptions {
  refuseWhileLoading();
  host.assertOpen();
  checkParMapOptions(given);
  const options = checkParMapOptions(layOver(host.defaults, given));
  if (options.halt !== undefined && !options.settle)
    throw invalidArgValue(
      'halt counts failures, and without settle the first one ends the call: set settle too',
    );
  const asked = engineAsked(options);
  const remote = isRemoteEngine(asked) ? asked : undefined;
  // WHY not the host's: its lanes are CPUs of this machine.
  const lanes = remote
    ? (options.lanes ?? remote.lanes)
    : Math.min(options.lanes ?? host.lanes, host.maxLanes);
  const isInline = asked === 'inline' || lanes === 0 || isForkChild();
  return {
    options,
    lanes,
    isInline,
    engine: isInline ? 'fork' : engineFor(asked),
    ownsLanes: remote !== undefined || options.lanes !== undefined,
  };
}

export type EngineAsked = CheckedParMapOptions['engine'];

/** Where the items run: as the call says, or else `FORKMAP_ENGINE`. */
export function engineAsked({ engine }: { engine: EngineAsked }): EngineAsked {
  const { FORKMAP_ENGINE } = process.env;
  return checkParMapOptions({ engine: (engine === 'auto' ? FORKMAP_ENGINE : engine) as EngineAsked }).engine;
}

function engineFor(asked: EngineAsked): CallEngine {
  if (isRemoteEngine(asked)) return { remote: asked };
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
