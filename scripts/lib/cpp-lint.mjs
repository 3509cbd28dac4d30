/** Compiles every C++ file by itself, strictly and without output, against the headers that the addon was built with. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { StepError } from './run.mjs';
import { whenChanged } from './stamp.mjs';
import { root, toolsDir } from './workspace.mjs';

const native = join(root, 'packages', 'native');
const compiler = process.env.CXX ?? 'g++';
const warnings = [
  '-Wall',
  '-Wextra',
  '-Wshadow',
  '-Wconversion',
  '-Wnon-virtual-dtor',
  '-Wformat=2',
  '-Werror',
];

/** The addon must be built. @param {readonly string[]} files .cc and .h below the root; a header must compile alone */
export async function lintCpp(files) {
  const nodedir = headersOfLastBuild();
  const flags = [
    ...['-fsyntax-only', '-std=gnu++20', '-fno-exceptions', '-fno-rtti', ...warnings],
    ...['-DNAPI_VERSION=9', '-DNAPI_DISABLE_CPP_EXCEPTIONS', '-DNODE_ADDON_API_DISABLE_DEPRECATED'],
    ...['-DNODE_GYP_MODULE_NAME=forkmap', `-I${join(native, 'src')}`],
    // WHY -isystem: what others' headers are warned for is not ours to mend.
    ...['-isystem', join(nodedir, 'include', 'node'), '-isystem', nodeAddonApi()],
  ];
  await whenChanged(join(toolsDir, 'stamps', 'cpp-lint'), { files, facts: [compiler, flags] }, async () => {
    const queue = [...files];
    /** @type {string[]} */
    const failed = [];
    const lintQueue = async () => {
      for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
        if (!(await compiles(file, flags))) failed.push(file);
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, lintQueue));
    if (failed.length > 0)
      throw new StepError(`${failed.length} C++ files with warnings: ${failed.sort().join(' ')}`);
  });
}

/**
 * Tells what the compiler says of one file. @returns {Promise<boolean>} whether it is content
 * @param {string} file @param {readonly string[]} flags
 */
function compiles(file, flags) {
  return new Promise((resolve) => {
    const child = execFile(
      compiler,
      [...flags, '-x', 'c++', '-'],
      { cwd: root },
      (error, _stdout, stderr) => {
        process.stderr.write(stderr);
        if (error && !stderr) console.error(String(error));
        resolve(error === null);
      },
    );
    // WHY not the file itself: a header compiled as a main file is warned for its `#pragma once`.
    child.stdin?.end(`#include "${join(root, file)}"\n`);
  });
}

/** The folder whose include/node the addon was last built with. */
function headersOfLastBuild() {
  const config = readFileSync(join(native, 'build', 'forkmap', 'build', 'config.gypi'), 'utf8');
  const nodedir = JSON.parse(config.replace(/^#.*$/gm, '')).variables.nodedir;
  if (typeof nodedir !== 'string') throw new StepError("lint of C++: no nodedir in the addon's config.gypi");
  return nodedir;
}

function nodeAddonApi() {
  const require = createRequire(join(native, 'build.mjs'));
  return join(require.resolve('node-addon-api/package.json'), '..');
}
