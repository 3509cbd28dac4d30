/**
 * Compiles the addon on this machine, for all versions of Node, to build/forkmap.node, unless that is up to date. The
 * package brings it for the usual machines (prebuilds/); one that was built here is preferred.
 *
 *   node build.mjs [--faults]     --faults: forkmap_faults.node, the build with fault injection (tests only)
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/**
 * Needs Python and a compiler for C++20. Throws an Error where the compiler fails.
 * @param {{ faults?: boolean }} [options]
 * @returns {string} the path of the addon
 */
export function build({ faults = false } = {}) {
  const name = faults ? 'forkmap_faults' : 'forkmap';
  const buildDir = join(here, 'build');
  const addon = join(buildDir, `${name}.node`);
  const stampFile = join(buildDir, `${name}.stamp`);
  const gyp = findNodeGyp();
  const stamp = stampOf(gyp);
  if (existsSync(addon) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return addon;

  // WHY: node-gyp writes to ./build of the folder it runs in. A folder of links per kind keeps their object files apart,
  // so that each is built incrementally.
  const workDir = join(buildDir, name);
  mkdirSync(workDir, { recursive: true });
  linkInto(workDir, 'src');
  linkInto(workDir, 'addon.gyp', 'binding.gyp');

  const headers = findOwnHeaders();
  const env = withoutNodedir(process.env);
  env.PATH = `${dirname(process.execPath)}${delimiter}${env.PATH ?? ''}`;
  // WHY both: with --nodedir alone, a machine-wide `nodedir` setting wins over it.
  if (headers) env.npm_config_nodedir = headers;
  const nodedir = headers ? [`--nodedir=${headers}`] : [];
  const settings = [`-Dfaults=${faults ? 1 : 0}`, `-Dnapi_headers=${napiHeaders()}`];
  run(gyp, ['configure', ...nodedir, '--', ...settings], { cwd: workDir, env });
  run(gyp, ['build', '--jobs=max', ...nodedir], { cwd: workDir, env });

  // WHY rename: a process that has the old addon mapped keeps it whole.
  copyFileSync(join(workDir, 'build', 'Release', `${name}.node`), `${addon}.new`);
  renameSync(`${addon}.new`, addon);
  writeFileSync(stampFile, stamp);
  return addon;
}

/** The folder of napi.h: node-addon-api's in this workspace, a copy of it in the published package. */
export function napiHeaders() {
  try {
    return dirname(require.resolve('node-addon-api/package.json'));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'MODULE_NOT_FOUND') throw error;
    return join(here, 'include');
  }
}

/** The pinned node-gyp of this workspace, or the one that the package manager brings. */
function findNodeGyp() {
  try {
    return [process.execPath, require.resolve('node-gyp/bin/node-gyp.js')];
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'MODULE_NOT_FOUND') throw error;
  }
  const bundled = process.env.npm_config_node_gyp;
  return bundled ? [process.execPath, bundled] : ['node-gyp'];
}

/** The folder above include/node where it holds the headers of exactly this Node; undefined lets node-gyp fetch them. */
function findOwnHeaders() {
  const prefix = dirname(dirname(process.execPath));
  const file = join(prefix, 'include', 'node', 'node_version.h');
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const part = (/** @type {string} */ key) =>
    text.match(new RegExp(`#define NODE_${key}_VERSION (\\d+)`))?.[1];
  return `${part('MAJOR')}.${part('MINOR')}.${part('PATCH')}` === process.versions.node ? prefix : undefined;
}

/** @param {NodeJS.ProcessEnv} env */
function withoutNodedir(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([key]) => key.toLowerCase() !== 'npm_config_nodedir'),
  );
}

/** @param {string} dir @param {string} entry of this folder @param {string} [name] what node-gyp knows it by */
function linkInto(dir, entry, name = entry) {
  const link = join(dir, name);
  if (!existsSync(link)) symlinkSync(join('..', '..', entry), link);
}

/**
 * All that the binary depends on, hashed. WHY not Node's version: the addon is the same whatever Node's headers it is
 * compiled with. @param {string[]} gyp
 */
function stampOf(gyp) {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([process.arch, gyp.at(-1), process.env.CXX, process.env.CXXFLAGS]));
  hash.update(readFileSync(join(napiHeaders(), 'napi.h')));
  const src = readdirSync(join(here, 'src'), { recursive: true, encoding: 'utf8' });
  const sources = src.filter((file) => /\.(cc|h)$/.test(file)).map((file) => join('src', file));
  for (const file of ['addon.gyp', 'build.mjs', ...sources.sort()]) {
    hash.update(`\0${file}\0`).update(readFileSync(join(here, file)));
  }
  return hash.digest('hex');
}

/** @param {string[]} command @param {string[]} args @param {{ cwd: string, env: NodeJS.ProcessEnv }} options */
function run(command, args, options) {
  const [file, ...first] = /** @type {[string, ...string[]]} */ (command);
  const { status, signal, error } = spawnSync(file, [...first, '--loglevel=warn', ...args], {
    stdio: 'inherit',
    ...options,
  });
  if (error) throw error;
  if (status === 0) return;
  throw new Error(`building the addon: node-gyp ${args[0]} ended with ${signal ?? `exit code ${status}`}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(build({ faults: process.argv.includes('--faults') }));
  } catch (error) {
    console.error(`@forkmap/native: ${error}`);
    process.exitCode = 1;
  }
}
