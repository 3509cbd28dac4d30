import { type ForkError, forkMapSync } from '@forkmap/core';
import { isForkChild, native } from '@forkmap/core/internal';
import type { Finding } from './finding.js';
import { mib } from './proc.js';

/** Forking may take so much of the work, or it is called dear. */
const FORK_SHARE = 0.05;
const LARGE_RSS = 512 * 1024 ** 2;
const TRIES = 3;
const TRY_TIMEOUT_MS = 10_000;

/** Whether the addon is there, whether a fork works, and what it costs at this size. Forks, if it can. */
export function findFork(): { canFork: boolean; findings: Finding[] } {
  const addon = findAddon();
  if (addon.level === 'warning') return { canFork: false, findings: [addon] };
  if (isForkChild()) return { canFork: true, findings: [addon] };
  try {
    return { canFork: true, findings: [addon, findCost()] };
  } catch (error) {
    const { code, message } = error as ForkError;
    const advice = 'No call will work before this is mended: see the code in the README.';
    const failed: Finding = { topic: 'fork', level: 'warning', found: `failed: ${code}: ${message}`, advice };
    return { canFork: false, findings: [addon, failed] };
  }
}

function findAddon(): Finding {
  try {
    native();
    const found = `loads, for Node ${process.version} (ABI ${process.versions.modules})`;
    return { topic: 'addon', level: 'ok', found, advice: 'Nothing to do.' };
  } catch (error) {
    const advice = "Until then, engine: 'inline' runs everything in this process.";
    return { topic: 'addon', level: 'warning', found: (error as Error).message, advice };
  }
}

/** WHY measured and not worked out: it depends on how memory lies as much as on how much there is. */
function findCost(): Finding {
  let ms = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES; i++) {
    const beganMs = performance.now();
    forkMapSync(() => null, { timeout: TRY_TIMEOUT_MS, name: 'preflight' });
    ms = Math.min(ms, performance.now() - beganMs);
  }
  const rss = process.memoryUsage.rss();
  const worthMs = Math.ceil(ms / FORK_SHARE);
  return {
    topic: 'fork',
    level: rss > LARGE_RSS ? 'note' : 'ok',
    found: `a child that does nothing took ${ms.toFixed(1)} ms, with ${mib(rss)} resident`,
    advice:
      `Choose chunks that take ${worthMs} ms or more, or chunk: 'auto'; ` +
      'fork before the process grows: what is resident is what a fork copies the page tables of.',
  };
}
