import { type ChildWork, finite, type KeptFunction } from '@forkmap/core/internal';
import type { CheckedKeepOptions } from './options.js';

/** What kept children are to do. */
export function keptWork(fn: KeptFunction, options: CheckedKeepOptions): ChildWork {
  return {
    kept: fn,
    invoke: () => undefined,
    warm: options.warm,
    setup: options.setup,
    codec: { codec: options.codec, ...(options.types && { types: options.types }) },
    maxResultBytes: options.maxResultBytes,
    concurrency: options.concurrency,
    goesOnAfterFailure: true,
    mustBeSync: false,
    itemTimeoutMs: finite(options.itemTimeout),
    name: options.name ?? (fn.name || 'kept'),
    originPid: process.pid,
  };
}
