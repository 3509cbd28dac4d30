/** Node binaries of several versions, each with its headers, as npm carries them. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { npmInstall } from './npm.mjs';
import { nodeVersions, toolsDir } from './workspace.mjs';

/** @typedef {{ version: string, bin: string, modules: string }} Node modules: the ABI, NODE_MODULE_VERSION */

/** @type {Node} */
export const runningNode = {
  version: process.versions.node,
  bin: process.execPath,
  modules: process.versions.modules,
};

/** Asks a binary what it is. @param {string} bin @returns {Node} */
export function nodeAt(bin) {
  const script = 'JSON.stringify([process.versions.node, process.versions.modules])';
  const [version, modules] = JSON.parse(execFileSync(bin, ['-p', script], { encoding: 'utf8' }));
  return { version, bin, modules };
}

/**
 * Every Node version that the workspace is held to, fetched where it is missing.
 * @returns {Node[]} in the order of the list
 */
export function fetchNodes() {
  return nodeVersions.map((version) => {
    const name = `node-linux-${process.arch}`;
    const dir = join(toolsDir, 'nodes', version);
    const bin = join(dir, 'node_modules', name, 'bin', 'node');
    if (!existsSync(bin)) npmInstall(dir, `${name}@${version}`);
    return nodeAt(bin);
  });
}
