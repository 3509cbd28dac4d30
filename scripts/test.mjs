/**
 * Installs what is missing, builds, lints, checks types and runs the tests.
 *   node scripts/test.mjs [--all-nodes] [filters and flags for vitest]
 * --all-nodes (set in CI): the suite runs on every Node version that the workspace is held to, else on the running one.
 * With a filter, the lint is left out. The last line is the sum: `N passed, N failed`, and `, N skipped` if any.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { buildNative, buildTypeScript } from './lib/build.mjs';
import { checks } from './lib/checks.mjs';
import { fetchNodes, runningNode } from './lib/nodes.mjs';
import { installDependencies } from './lib/pnpm.mjs';
import { installRedis } from './lib/redis.mjs';
import { heading, StepError } from './lib/run.mjs';
import { runVitest } from './lib/vitest.mjs';
import { isCi, toolsDir } from './lib/workspace.mjs';

const filters = process.argv.slice(2).filter((arg) => arg !== '--all-nodes');
const onAllNodes = isCi || process.argv.includes('--all-nodes');
const sum = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const summary = [];

/**
 * A step besides the tests: where it fails, that counts as one failure and the rest goes on.
 * @param {string} name @param {() => unknown} step
 */
async function attempt(name, step) {
  try {
    await step();
    return true;
  } catch (error) {
    console.error(error instanceof StepError ? error.message : error);
    summary.push(`${name}: FAILED`);
    sum.failed += 1;
    return false;
  }
}

/** @param {import('./lib/nodes.mjs').Node} node */
async function testOn(node) {
  heading(`tests on Node ${node.version}`);
  const counts = await runVitest(node, filters);
  summary.push(
    `tests on Node ${node.version}: ${tally(counts)}`,
    ...counts.remarks.map((remark) => `  ${remark}`),
  );
  for (const key of /** @type {const} */ (['passed', 'failed', 'skipped'])) sum[key] += counts[key];
}

/** @param {typeof sum} counts */
const tally = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

async function testAll() {
  if (!(await attempt('install', installDependencies))) return;
  await attempt('redis', installRedis);
  await attempt('types', buildTypeScript);
  const isBuilt = await attempt('addon', () => {
    buildNative();
    buildNative({ faults: true });
  });
  /** @type {import('./lib/nodes.mjs').Node[]} */
  const nodes = [];
  const isFetched = await attempt('Node versions', () =>
    nodes.push(...(onAllNodes ? fetchNodes() : [runningNode])),
  );
  for (const node of isBuilt ? nodes : []) await testOn(node);
  if (!isFetched || !isBuilt || filters.length > 0) return;
  for (const { name, check } of checks) {
    heading(name);
    await attempt(name, check);
  }
}

const tallyFile = join(toolsDir, 'tally');
mkdirSync(toolsDir, { recursive: true });
rmSync(tallyFile, { force: true });
await testAll();
heading('summary');
for (const line of summary) console.log(line);
console.log(tally(sum));
writeFileSync(tallyFile, `${tally(sum)}\n`);
process.exitCode = sum.failed > 0 ? 1 : 0;
