import { findSockets } from './descriptors.js';
import type { Finding } from './finding.js';
import { findFork } from './fork.js';
import { findIdPools } from './id-pools.js';
import { findLimits } from './limits.js';
import { findModules } from './modules.js';
import { findThreads } from './threads.js';

export type { Finding } from './finding.js';

/** What could bite in this process. */
export interface Preflight {
  /** A child was forked and came back. */
  canFork: boolean;
  /** In the order: addon, fork, threads, sockets, native modules, ids, CPUs, descriptors, processes, memory. */
  findings: Finding[];
  /** All of it, to be read by people. */
  text: string;
}

/**
 * Looks at what could bite in this process as it is now: whether the addon loads, what a fork costs, threads, sockets
 * and native modules that children cannot use, and the system's limits. Each comes with a sentence of advice. Blocks for
 * three forks. On the command line: `npx @forkmap/pool preflight`.
 */
export function preflight(): Preflight {
  // WHY first: a fork that is tried out may load what would otherwise not be there.
  const others = [findThreads(), findSockets(), findModules(), findIdPools(), ...findLimits()];
  const { canFork, findings: aboutFork } = findFork();
  const findings = [...aboutFork, ...others];
  return { canFork, findings, text: findings.map(lineOf).join('') };
}

function lineOf({ topic, level, found, advice }: Finding): string {
  const needsAdvice = level === 'ok' && advice === 'Nothing to do.';
  return `${level.padEnd(8)}${topic}: ${found}\n${needsAdvice ? '' : `${' '.repeat(8)}${advice}\n`}`;
}
