/** What the manifests of all packages have in common: it is edited in the workspace's own, and copied from there. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from './run.mjs';
import { packages, root } from './workspace.mjs';

const shared = ['version', 'license', 'author', 'keywords', 'engines', 'bugs', 'homepage'];

/** Throws where a package says something else than the workspace. */
export function checkManifests() {
  const strays = packages.filter((name) => read(name) !== wanted(name));
  if (strays.length > 0)
    throw new StepError(`\`npm run format\` would change the manifests of ${strays.join(', ')}`);
}

export function writeManifests() {
  for (const name of packages) writeFileSync(fileOf(name), wanted(name));
}

/** @param {string} name of a package; none for the workspace */
const fileOf = (name) => join(root, name && join('packages', name), 'package.json');

/** @param {string} name */
const read = (name) => readFileSync(fileOf(name), 'utf8');

/** @param {string} name @returns {string} the manifest as it is to be */
function wanted(name) {
  const workspace = JSON.parse(read(''));
  const common = Object.fromEntries(
    shared.filter((key) => key in workspace).map((key) => [key, workspace[key]]),
  );
  const repository = { ...workspace.repository, directory: `packages/${name}` };
  const text = read(name);
  const manifest = { ...JSON.parse(text), ...common, repository };
  // WHY the text where nothing changes: how it is laid out is the formatter's.
  return JSON.stringify(JSON.parse(text)) === JSON.stringify(manifest)
    ? text
    : `${JSON.stringify(manifest, null, 2)}\n`;
}
