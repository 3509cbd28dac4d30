import { has } from '@forkmap/core/internal';
import type { CallParts } from '../call/call-parts.js';
import type { Cut } from '../call/cut.js';
import type { Engine } from './engine.js';
import { childWork } from './fork/child-work.js';
import { ForkEngine } from './fork/fork-engine.js';
import { REMOTE_ENGINE } from './remote.js';
import { SpawnEngine } from './spawn/spawn-engine.js';

/** What makes a call's children: forks them, or spawns them. */
export function engineFor(parts: CallParts, { lanes, chunks, chunkItems, isSplittable }: Cut): Engine {
  const { verb, options, engine } = parts;
  const work = childWork(parts, isSplittable);
  if (engine === 'fork') {
    const { length: items } = parts;
    const sheetItems = parts.ledger.fulfilPlain ? items : 0;
    return new ForkEngine({ verb, work, options, lanes, chunks, chunkItems, items, sheetItems });
  }
  if (has(engine, 'remote')) return engine.remote[REMOTE_ENGINE]({ ...parts, work, lanes });
  return new SpawnEngine({ ...parts, work, lanes, cannotFork: engine.cannotFork });
}
