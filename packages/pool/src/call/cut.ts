import { type CheckedParMapOptions, DEFAULT_CHUNK } from '../options.js';
import type { CallParts } from './call-parts.js';

/**
 * What a verb needs of how its items are cut, where the call does not say. `fixed`: the result depends on the cut, so that
 * it has to be the same each time. `perLane`: one chunk per lane.
 */
export type CutNeed = 'fixed' | 'perLane';

/** With a fixed cut: enough chunks for lanes to end at about the same time, and few enough to cost next to nothing. */
const FIXED_CHUNKS_PER_LANE = 4;

/** How the items of a call are cut into chunks, before any of them runs. */
export interface Cut {
  /** Lanes that have a chunk. */
  lanes: number;
  /** Items per chunk; at least where `isExact` is false. */
  chunkItems: number;
  /** How many chunks that makes. */
  chunks: number;
  /** No chunk is larger, and none is split. */
  isExact: boolean;
  /** A chunk at work may be split for a lane that has nothing to do. */
  isSplittable: boolean;
}

/** The one rule for all verbs. */
export function cutOf({ length, lanes, engine, options, cutNeed }: CallParts): Cut {
  const exact = exactItems(options, cutNeed, { length, lanes });
  const most = options.chunk === 'auto' ? length : DEFAULT_CHUNK;
  const chunkItems = exact ?? Math.min(most, Math.ceil(length / lanes));
  const chunks = Math.ceil(length / chunkItems);
  const isExact = exact !== undefined;
  // WHY forked children alone: origin and child agree upon a split in memory that they share.
  const isSplittable = !isExact && engine === 'fork';
  return { lanes: Math.min(lanes, chunks), chunkItems, chunks, isExact, isSplittable };
}

function exactItems(
  { chunk }: CheckedParMapOptions,
  need: CutNeed | undefined,
  { length, lanes }: { length: number; lanes: number },
): number | undefined {
  if (typeof chunk === 'number') return chunk;
  if (need === undefined) return undefined;
  return Math.ceil(length / (need === 'fixed' ? lanes * FIXED_CHUNKS_PER_LANE : lanes));
}
