/** What is checked without running anything: lint and format, of TypeScript and of C++. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { checkApi } from './api-report.mjs';
import { lintCpp } from './cpp-lint.mjs';
import { buildDocs } from './docs.mjs';
import { checkManifests, writeManifests } from './manifests.mjs';
import { lintPackages } from './package-lint.mjs';
import { runModule, StepError } from './run.mjs';
import { root } from './workspace.mjs';

/** @typedef {{ name: string, check: () => void | Promise<void>, fix?: () => void }} Check */

/** The addon must be built: the C++ is held to the headers that it was built with. @type {Check[]} */
export const checks = [
  { name: 'manifests', check: checkManifests, fix: writeManifests },
  {
    name: 'lint and format of TypeScript',
    check: () => biome('ci', '--error-on-warnings'),
    fix: () => biome('check', '--write'),
  },
  { name: 'format of C++', check: checkCppFormat, fix: () => clangFormat('-i', ...cppFiles()) },
  { name: 'packages', check: lintPackages },
  { name: 'API report', check: checkApi },
  { name: 'API documentation', check: () => buildDocs() },
  { name: 'lint of C++', check: () => lintCpp(cppFiles()) },
];

/** @param {string[]} args */
function biome(...args) {
  const colors = process.stdout.isTTY ? [] : ['--colors=off'];
  runModule('@biomejs/biome/bin/biome', [...args, ...colors]);
}

/** WHY not --dry-run: it gives three lines for every space that is out of place. */
function checkCppFormat() {
  const isFormatted = (/** @type {string} */ file) =>
    clangFormat(file) === readFileSync(join(root, file), 'utf8');
  const strays = cppFiles().filter((file) => !isFormatted(file));
  if (strays.length > 0) throw new StepError(`\`npm run format\` would change ${strays.join(' ')}`);
}

/** @param {string[]} args */
function clangFormat(...args) {
  const script = join(root, 'node_modules', 'clang-format', 'index.js');
  return execFileSync(process.execPath, [script, ...args], { cwd: root, encoding: 'utf8' });
}

/** Paths below the root of every C++ file. */
function cppFiles() {
  const src = join('packages', 'native', 'src');
  const files = readdirSync(join(root, src), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.(cc|h)$/.test(file))
    .sort()
    .map((file) => join(src, file));
}
