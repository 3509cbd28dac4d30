/**
 * One function in one forked child, and the errors that say whether it ran.
 *
 * @module @forkmap/core
 */
export {
  CallableDidNotExecuteError,
  CallableExecutedError,
  CallableStatusUnknownError,
  ForkError,
} from './errors/classes.js';
export type { Effect, ForkErrorCode } from './errors/codes.js';
export { forkMap } from './fork-map.js';
export { forkMapSync } from './fork-map-sync.js';
export { init } from './functions/init.js';
export { registerFunction } from './functions/registry.js';
export { type SpawnedFunction, spawnFunction } from './functions/spawn-function.js';
export type { SpawnFunctionOptions } from './functions/spawn-options.js';
export { isForkChild } from './native.js';
export type { CustomTypes, ForkOptions } from './options.js';
export {
  type CallTrace,
  type ChunkTimings,
  type ChunkTrace,
  type SnapshotTimings,
  type SnapshotTrace,
  traceToFile,
} from './trace/index.js';
