import { createRequire } from 'node:module';
import type { Finding } from './finding.js';

const { cache } = createRequire(import.meta.url);

/** Modules that make ids from what they have drawn in advance, or from a counter; of one whose folder is not all of them. */
const POOLED = /[\\/]node_modules[\\/](nanoid|bson|mongoose|uuid)[\\/]/;
const UUID = /^(.*[\\/]node_modules[\\/]uuid)[\\/]/;
/** From this version on, uuid takes each id from Node. */
const FIRST_SAFE_UUID = 9;

/** Modules whose ids would be the same in siblings. Only those that were loaded by `require` can be seen. */
export function findIdPools(): Finding {
  const names = new Set<string>();
  for (const path of Object.keys(cache)) {
    const name = POOLED.exec(path)?.[1];
    if (name !== undefined && !isSafeUuid(path)) names.add(name);
  }
  if (names.size === 0)
    return {
      topic: 'ids',
      level: 'ok',
      found: 'no module with a pool of ids is loaded by require',
      advice: 'Nothing to do.',
    };
  return {
    topic: 'ids',
    level: 'warning',
    found: `loaded, with random bytes or a counter of their own: ${[...names].sort().join(', ')}`,
    advice:
      'Once used here, they give the same ids in every child: use crypto.randomUUID() in children, or use up what they ' +
      'have drawn, in setup (see limits.md).',
  };
}

function isSafeUuid(path: string): boolean {
  const folder = UUID.exec(path)?.[1];
  if (folder === undefined) return false;
  try {
    const { version } = createRequire(import.meta.url)(`${folder}/package.json`) as { version: string };
    return Number.parseInt(version, 10) >= FIRST_SAFE_UUID;
  } catch {
    return false; // WHY: where the version cannot be read, a warning too many does no harm.
  }
}
