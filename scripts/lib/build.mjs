/** From a clone to what can be run. Each step is skipped, or quick, where its output is up to date. */
import { join } from 'node:path';
import process from 'node:process';
import { bundlePackages } from './bundle.mjs';
import { heading, run, runModule } from './run.mjs';
import { packages, root } from './workspace.mjs';

const published = packages.map((name) => `packages/${name}`);

/**
 * The addon, which is one for all versions of Node.
 * @param {{ faults?: boolean, node?: string }} [options] node: the binary whose headers it is compiled with
 */
export function buildNative({ faults = false, node = process.execPath } = {}) {
  heading(`addon${faults ? ' with fault injection' : ''}`);
  run(node, [join(root, 'packages', 'native', 'build.mjs'), ...(faults ? ['--faults'] : [])]);
}

/** Compiles the packages and the projects named, or all TypeScript, and so checks its types; then bundles. @param {string[]} [projects] */
export async function buildTypeScript(projects = []) {
  heading('tsc');
  runModule('typescript/bin/tsc', ['-b', ...(projects.length > 0 ? [...published, ...projects] : [])]);
  await bundlePackages();
}
