/** One run of the suite under one Node, with its true counts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { killSession, processesOfSession } from './processes.mjs';
import { root } from './workspace.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number, remarks: string[] }} Counts
 *   remarks: what failed, by name, so that the end of a long output tells it
 */

const suiteLimitMs = 18 * 60_000;
/** Of the message and the stack of a failed test. */
const failureChars = 600;

/**
 * @param {import('./nodes.mjs').Node} node @param {readonly string[]} args filters and flags for vitest
 * @param {{ isSilent?: boolean }} [options]
 * @returns {Promise<Counts>} what goes wrong outside of any test counts as one failure, with a remark
 */
export async function runVitest(node, args, { isSilent = false } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'forkmap-report-'));
  const report = join(dir, 'report.json');
  const output = isSilent ? 'ignore' : 'inherit';
  const outcome = await runInSession(node, output, [
    ...[join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run'],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
  ]);
  const counts = existsSync(report) ? readCounts(report) : { passed: 0, failed: 0, skipped: 0, remarks: [] };
  rmSync(dir, { recursive: true });
  if (counts.passed + counts.failed + counts.skipped === 0)
    outcome.remarks.push(`no test ran: vitest ended with ${outcome.end}`);
  else if (outcome.end !== 'exit code 0' && counts.failed === 0)
    outcome.remarks.push(`vitest ended with ${outcome.end}`);
  counts.failed += outcome.remarks.length;
  counts.remarks.push(...outcome.remarks);
  return counts;
}

/** @param {string} report @returns {Counts} */
function readCounts(report) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  /** @type {string[]} files that failed without a failed test: they could not be loaded, or a hook failed */
  const broken = testResults
    .filter((/** @type {any} */ file) => file.status === 'failed')
    .filter(
      (/** @type {any} */ file) =>
        !file.assertionResults.some((/** @type {any} */ test) => test.status === 'failed'),
    )
    .map((/** @type {any} */ file) => `${file.name.replace(root, '')} failed outside of its tests`);
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken.length,
    skipped: numPendingTests + numTodoTests,
    remarks: [...testResults.flatMap(failuresIn), ...broken],
  };
}

/** The failed tests of a file: where, which, and the start of why. @param {any} file @returns {string[]} */
function failuresIn(file) {
  return file.assertionResults
    .filter((/** @type {any} */ test) => test.status === 'failed')
    .map((/** @type {any} */ test) => {
      const why = (test.failureMessages[0] ?? '').slice(0, failureChars).replaceAll('\n', '\n    ');
      return `${file.name.replace(root, '')} > ${test.fullName}: ${why}`;
    });
}

/**
 * Runs a program as the leader of a session of its own, so that whatever it leaves running can be found and ended.
 * @param {import('./nodes.mjs').Node} node @param {'inherit' | 'ignore'} output @param {readonly string[]} args
 */
async function runInSession(node, output, args) {
  const env = { ...process.env, PATH: `${dirname(node.bin)}${delimiter}${process.env.PATH}` };
  const child = spawn(node.bin, args, {
    cwd: root,
    env,
    stdio: ['ignore', output, output],
    detached: true,
  });
  const session = /** @type {number} */ (child.pid);
  /** @type {string[]} */
  const remarks = [];
  const limit = setTimeout(() => {
    remarks.push(`not done after ${suiteLimitMs / 60_000} minutes: killed`);
    killSession(session);
  }, suiteLimitMs);
  const interrupt = () => {
    killSession(session);
    process.exit(130);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const [code, signal] = await once(child, 'exit');
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  clearTimeout(limit);
  const left = await processesOfSession(session);
  if (left.length > 0) remarks.push(`left running: ${left.join('; ')}`);
  killSession(session);
  return { end: signal ?? `exit code ${code}`, remarks };
}
