import { forkError, isForkChild } from '@forkmap/core/internal';
import { type CheckedParMapOptions, checkParMapOptions, type ParMapOptions } from '../options.js';
import type { Host } from './host.js';

/** A call's options over those of its pool, checked, and what follows from them. */
export interface CallOptions {
  options: CheckedParMapOptions;
  lanes: number;
  /** Everything runs in this process. */
  isInline: boolean;
  /** The call, or its pool, says how many items a child gets. */
  hasChunk: boolean;
  ownsLanes: boolean;
}

/** Throws for wrong options, and where the pool is closed. */
export function callOptions(host: Host, given: ParMapOptions | undefined): CallOptions {
  host.assertOpen();
  checkParMapOptions(given);
  const options = checkParMapOptions(layOver(host.defaults, given));
  const lanes = Math.min(options.lanes ?? host.lanes, host.maxLanes);
  return {
    options,
    lanes,
    isInline: engineOf(options) === 'inline' || lanes === 0 || isForkChild(),
    hasChunk: (given?.chunk ?? host.defaults.chunk) !== undefined,
    ownsLanes: options.lanes !== undefined,
  };
}

/** Where the items run: as the call says, or else `FORKMAP_ENGINE`. */
function engineOf({ engine }: CheckedParMapOptions): CheckedParMapOptions['engine'] {
  const { FORKMAP_ENGINE } = process.env;
  const asked = checkParMapOptions({
    engine: (engine === 'auto' ? FORKMAP_ENGINE : engine) as CheckedParMapOptions['engine'],
  });
  if (asked.engine !== 'spawn') return asked.engine;
  throw forkError(
    'ERR_FORKMAP_UNSUPPORTED',
    "engine: 'spawn' is not available: closures cannot be sent to another process. Use 'auto' or 'inline'",
  );
}

/** What is `undefined` lays itself over nothing. */
export function layOver(under: ParMapOptions, over: ParMapOptions | undefined): ParMapOptions {
  const given = Object.entries(over ?? {}).filter(([, value]) => value !== undefined);
  return { ...under, ...Object.fromEntries(given) };
}
