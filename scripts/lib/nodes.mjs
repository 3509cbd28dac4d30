/** Node binaries of several versions, each with its headers, as npm carries them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { npmInstall } from './npm.mjs';
import { nodeVersions, toolsDir } from './workspace.mjs';

/** @typedef {{ version: string, bin: string }} Node */

/** @type {Node} */
export const runningNode = { version: process.versions.node, bin: process.execPath };

/**
 * Every Node version that the workspace is held to, fetched where it is missing.
 * @returns {Node[]} in the order of the list
 */
export const fetchNodes = () => nodeVersions.map((version) => fetchNode(version));

/**
 * One version, fetched where it is missing.
 * @param {string} version @param {string} [arch] of the machine that it is for
 * @returns {Node}
 */
export function fetchNode(version, arch = process.arch) {
  const name = `node-linux-${arch}`;
  const dir = join(toolsDir, 'nodes', version);
  const bin = join(dir, 'node_modules', name, 'bin', 'node');
  if (!existsSync(bin)) npmInstall(dir, `${name}@${version}`);
  return { version, bin };
}
