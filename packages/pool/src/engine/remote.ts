import type { Range } from '../call/chunks.js';
import type { ItemsRead } from '../recipe/made.js';
import type { Engine } from './engine.js';
import type { CallProgram } from './spawn/describe-program.js';

/** The key of the method by which an engine object makes the engine of one call; one for all copies of the library. */
export const REMOTE_ENGINE: unique symbol = Symbol.for('forkmap.engine') as never;

/** A call, as an engine outside of this package sees it. */
export interface RemoteCall extends CallProgram {
  /** The verb, as messages name it. */
  verb: string;
  /** How many items there are. */
  length: number;
  /** Chunks in flight. */
  lanes: number;
  /** The items that a range is made of. */
  reads?: ((range: Range) => ItemsRead[]) | undefined;
}

/** Runs the items of a call beyond this machine: a `Cluster` of `@forkmap/bullmq` is one. Takes tasks, not closures. */
export interface RemoteEngine {
  /** Chunks in flight where the call does not say. */
  readonly lanes: number;
  /** @internal */
  [REMOTE_ENGINE](call: RemoteCall): Engine;
}

/** Whether an option `engine` is an object that makes engines. */
export function isRemoteEngine(engine: unknown): engine is RemoteEngine {
  return typeof engine === 'object' && engine !== null && REMOTE_ENGINE in engine;
}
