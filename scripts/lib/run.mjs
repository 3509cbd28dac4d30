/** Commands run from the scripts: their output goes to the terminal as it comes. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { root } from './workspace.mjs';

/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv }} RunOptions */

/** A step that failed in a way its own output has told already. */
export class StepError extends Error {}

/** @param {string} title */
export const heading = (title) => console.log(`\n── ${title}`);

/**
 * Runs a command in the workspace's root and waits for its end; throws a StepError unless it ends well.
 * @param {string} file @param {readonly string[]} args @param {RunOptions} [options]
 */
export function run(file, args, options) {
  const { status, signal, error } = spawnSync(file, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw new StepError(`cannot run ${file}: ${error.message}`);
  if (status === 0) return;
  const command = [file, ...args].join(' ').replaceAll(`${root}`, '').slice(0, 120);
  throw new StepError(`${command} ended with ${signal ?? `exit code ${status}`}`);
}

/**
 * Runs a script of a dependency under the running Node.
 * @param {string} script path below node_modules @param {readonly string[]} args @param {RunOptions} [options]
 */
export const runModule = (script, args, options) =>
  run(process.execPath, [join(root, 'node_modules', script), ...args], options);

/**
 * The body of a script, or a part of it: a failed step ends it with its message, and the script with exit code 1.
 * @param {() => Promise<void>} body
 */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
