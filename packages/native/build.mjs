/**
 * Compiles the addon for the Node that runs this file, to build/abi-<process.versions.modules>/forkmap.node, unless
 * that file is up to date.
 *
 *   node build.mjs [--faults]     --faults: forkmap_faults.node, the build with fault injection (tests only)
 *   node build.mjs --on-install   as a package manager calls it: in this workspace it leaves the build to
 *                                 scripts/build-native.mjs, elsewhere a failure is told and not fatal, since the
 *                                 package can be imported without its addon and says then how to mend it
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

/** @param {{ faults: boolean }} options @returns {string} the path of the addon */
function build({ faults }) {
  const name = faults ? 'forkmap_faults' : 'forkmap';
  const abiDir = join(here, 'build', `abi-${process.versions.modules}`);
  const addon = join(abiDir, `${name}.node`);
  const stampFile = join(abiDir, `${name}.stamp`);
  const gyp = findNodeGyp();
  const stamp = stampOf(gyp);
  if (existsSync(addon) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return addon;

  // WHY: node-gyp writes to ./build of the folder it runs in. A folder of links per ABI and kind keeps the object files
  // of several Node versions apart, so that each is built incrementally.
  const workDir = join(abiDir, name);
  mkdirSync(workDir, { recursive: true });
  for (const entry of ['binding.gyp', 'src']) linkInto(workDir, entry);

  const headers = findOwnHeaders();
  const env = withoutNodedir(process.env);
  env.PATH = `${dirname(process.execPath)}${delimiter}${env.PATH ?? ''}`;
  // WHY both: with --nodedir alone, a machine-wide `nodedir` setting wins over it.
  if (headers) env.npm_config_nodedir = headers;
  const nodedir = headers ? [`--nodedir=${headers}`] : [];
  run(gyp, ['configure', ...nodedir, '--', `-Dfaults=${faults ? 1 : 0}`], { cwd: workDir, env });
  run(gyp, ['build', '--jobs=max', ...nodedir], { cwd: workDir, env });

  // WHY rename: a process that has the old addon mapped keeps it whole.
  copyFileSync(join(workDir, 'build', 'Release', `${name}.node`), `${addon}.new`);
  renameSync(`${addon}.new`, addon);
  writeFileSync(stampFile, stamp);
  return addon;
}

/** The pinned node-gyp of this workspace, or the one that the installing package manager brings. */
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

/** @param {string} dir @param {string} entry */
function linkInto(dir, entry) {
  const link = join(dir, entry);
  if (!existsSync(link)) symlinkSync(join('..', '..', '..', entry), link);
}

/** All that the binary depends on, hashed. @param {string[]} gyp */
function stampOf(gyp) {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify([process.version, process.arch, gyp.at(-1), process.env.CXX, process.env.CXXFLAGS]),
  );
  hash.update(readFileSync(require.resolve('node-addon-api/package.json')));
  const src = readdirSync(join(here, 'src'), { recursive: true, encoding: 'utf8' });
  const sources = src.filter((file) => /\.(cc|h)$/.test(file)).map((file) => join('src', file));
  for (const file of ['binding.gyp', 'build.mjs', ...sources.sort()]) {
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

const flags = process.argv.slice(2);
const isOnInstall = flags.includes('--on-install');
const isInWorkspace = existsSync(join(here, '..', '..', 'pnpm-workspace.yaml'));
if (!isOnInstall || (process.platform === 'linux' && !isInWorkspace)) {
  try {
    console.log(build({ faults: flags.includes('--faults') }));
  } catch (error) {
    console.error(`@forkmap/native: ${error}`);
    if (isOnInstall) console.error('With Python and a C++20 compiler at hand: npm rebuild @forkmap/native');
    else process.exitCode = 1;
  }
}
