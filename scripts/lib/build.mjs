/** From a clone to what can be run. Each step is skipped, or quick, where its output is up to date. */
import { join } from 'node:path';
import { bundlePackages } from './bundle.mjs';
import { runningNode } from './nodes.mjs';
import { heading, run, runModule } from './run.mjs';
import { packages, root } from './workspace.mjs';

const published = packages.map((name) => `packages/${name}`);

/** The addon for one Node. @param {import('./nodes.mjs').Node} [node] @param {string[]} [args] --faults */
export function buildNative(node = runningNode, args = []) {
  heading(`addon for Node ${node.version}${args.includes('--faults') ? ', with fault injection' : ''}`);
  run(node.bin, [join(root, 'packages', 'native', 'build.mjs'), ...args]);
}

/** Compiles the packages and the projects named, or all TypeScript, and so checks its types; then bundles. @param {string[]} [projects] */
export async function buildTypeScript(projects = []) {
  heading('tsc');
  runModule('typescript/bin/tsc', ['-b', ...(projects.length > 0 ? [...published, ...projects] : [])]);
  await bundlePackages();
}
