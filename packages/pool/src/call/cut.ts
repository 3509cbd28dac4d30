import type { CallParts } from './call-parts.js';

/** How the items of a call are cut into chunks, before any of them runs. */
export interface Cut {
  /** Lanes that have a chunk. */
  lanes: number;
  /** Items per chunk. */
  chunkItems: number;
  /** How many chunks that makes. */
  chunks: number;
  /** A chunk at work may be split for a lane that has nothing to do. */
  isSplittable: boolean;
}

export function cutOf({ length, lanes, engine, options }: CallParts): Cut {
  const { chunk } = options;
  const isAuto = chunk === 'auto';
  const used = Math.min(lanes, isAuto ? length : Math.ceil(length / chunk));
  const chunkItems = isAuto ? Math.ceil(length / used) : chunk;
  const chunks = isAuto ? used : Math.ceil(length / chunk);
  return { lanes: used, chunkItems, chunks, isSplittable: isAuto && engine === 'fork' };
}
