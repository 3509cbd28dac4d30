/**
 * Makes of each package what is published: few files of CommonJS, an ES module beside each entry that offers the same,
 * and one file of types per entry.
 * WHY few: Node takes about half a millisecond to find, read and link a module; a program that maps one list waits for all.
 * WHY CommonJS, even for who imports: there is one instance of everything, however a program and its dependencies load it.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { heading } from './run.mjs';
import { whenChanged } from './stamp.mjs';
import { packages, root } from './workspace.mjs';

/** @typedef {{ offered: string[], programs: string[] }} Entries */

/**
 * What is imported by its name, and what is started as a program or a thread; all else is reached from these.
 * @type {Record<string, Entries>}
 */
const entries = {
  native: { offered: ['index.ts'], programs: [] },
  core: { offered: ['src/index.ts', 'src/internal.ts'], programs: ['src/spawned/watcher.ts'] },
  pool: {
    offered: ['src/index.ts', 'src/internal.ts', 'src/trace/opentelemetry.ts'],
    programs: ['src/engine/fork/driver.ts', 'src/engine/spawn/child-main.ts'],
  },
  bullmq: { offered: ['src/index.ts'], programs: [] },
  cli: { offered: ['src/index.ts', 'src/opentelemetry.ts'], programs: ['src/command/main.ts'] },
};

/**
 * Writes packages/<name>/bundle. Not where nothing has changed: a program may be reading it, such as a test beside one
 * that builds. After tsc, whose declarations it reads.
 */
export async function bundlePackages() {
  heading('bundles');
  const config = ['scripts/lib/bundle.mjs', 'package.json', 'pnpm-lock.yaml'];
  for (const name of packages) {
    const dir = join('packages', name);
    const files = [...sourcesIn(dir), ...config, join(dir, 'package.json')];
    await whenChanged(join(root, dir, 'bundle', '.stamp'), { files }, () => bundle(join(root, dir), name));
  }
}

/** @param {string} dir below the root */
function sourcesIn(dir) {
  return readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(src\/.*|[^/]+)(?<!\.test|\.d)\.ts$/.test(file))
    .sort()
    .map((file) => join(dir, file));
}

/** Globals that are taken when the library is loaded: see packages/core/src/intrinsics.ts. */
const intrinsics = {
  ...{ setTimeout: 'setTimeout', clearTimeout: 'clearTimeout', setImmediate: 'setImmediate' },
  ...{ setInterval: 'setInterval', clearInterval: 'clearInterval', 'process.nextTick': 'nextTick' },
  ...{ performance: 'performance', Promise: 'NativePromise', Date: 'NativeDate' },
  ...{ 'Object.prototype.toString': 'toStringOfObject' },
  ...{ TextEncoder: 'TextEncoder', TextDecoder: 'TextDecoder' },
};

/** @param {string} dir of the package @returns {Record<string, [module: string, name: string]>} none in those without clocks */
function injectedInto(dir) {
  const name = basename(dir);
  if (name !== 'core' && name !== 'pool') return {};
  const from = name === 'core' ? join(dir, 'src', 'intrinsics.ts') : '@forkmap/core/internal';
  return Object.fromEntries(Object.entries(intrinsics).map(([global, name]) => [global, [from, name]]));
}

/** @param {string} dir of the package @param {string} name */
async function bundle(dir, name) {
  const { offered, programs } = /** @type {Entries} */ (entries[name]);
  const outDir = join(dir, 'bundle');
  rmSync(outDir, { recursive: true, force: true });
  const modules = await bundleCode(dir, [...offered, ...programs], outDir);
  await bundleTypes(dir, offered, outDir);
  for (const file of offered) writeModule(join(outDir, basename(file, '.ts')));
  const licences = licencesOf(modules);
  if (licences) writeFileSync(join(outDir, 'LICENSES.txt'), licences);
}

/** @param {string} dir @param {readonly string[]} files @param {string} outDir @returns {Promise<string[]>} all modules */
async function bundleCode(dir, files, outDir) {
  const build = await startRolldown(
    dir,
    namesOf(files, (file) => join(dir, file)),
  );
  const { output } = await build.write({
    dir: outDir,
    format: 'cjs',
    comments: false,
    entryFileNames: '[name].cjs',
    chunkFileNames: 'shared-[name].cjs',
  });
  await build.close();
  return output.flatMap((chunk) => ('moduleIds' in chunk ? chunk.moduleIds : []));
}

/** @param {string} dir @param {readonly string[]} files @param {string} outDir */
async function bundleTypes(dir, files, outDir) {
  const { dts } = await import('rolldown-plugin-dts');
  const declared = (/** @type {string} */ file) =>
    join(dir, 'dist', file.replace(/^src\//, '').replace(/\.ts$/, '.d.ts'));
  const build = await startRolldown(dir, namesOf(files, declared), [
    dts({ dtsInput: true, sourcemap: false }),
  ]);
  const names = { entryFileNames: '[name].d.cts', chunkFileNames: 'shared-[name].d.cts' };
  await build.write({ dir: outDir, format: 'esm', ...names });
  await build.close();
}

/** @param {readonly string[]} files @param {(file: string) => string} place */
const namesOf = (files, place) =>
  Object.fromEntries(files.map((file) => [basename(file, '.ts'), place(file)]));

/** @param {string} dir @param {Record<string, string>} input @param {import('rolldown').RolldownPluginOption} [plugins] */
async function startRolldown(dir, input, plugins) {
  // WHY here: this file is read before anything is installed.
  const { rolldown } = await import('rolldown');
  const { dependencies = {}, peerDependencies = {} } = read(join(dir, 'package.json'));
  const installed = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
  return rolldown({
    input,
    plugins: plugins ?? [],
    platform: 'node',
    external: (id) =>
      id.startsWith('node:') || installed.some((name) => id === name || id.startsWith(`${name}/`)),
    resolve: { extensionAlias: { '.js': ['.ts'] } },
    // WHY not with plugins: those are for types.
    transform: { inject: plugins ? {} : injectedInto(dir) },
  });
}

/**
 * The ES module beside an entry. WHY not `import`: a bundler would take the library's files apart, whose workers, programs
 * and addon it cannot follow, and make a program of them that fails in odd ways. What it is to do instead is told.
 * @param {string} path of the entry, without its ending
 */
function writeModule(path) {
  const require = createRequire(import.meta.url);
  const names = Object.keys(require(`${path}.cjs`)).sort();
  const { BUNDLED } = require(join(root, 'packages', 'native', 'bundle', 'index.cjs'));
  const file = `./${basename(path)}`;
  const lines = [
    `import { createRequire } from 'node:module';`,
    `let all;`,
    `try {`,
    `  all = createRequire(import.meta.url)('${file}.cjs');`,
    `} catch (cause) {`,
    `  const isLost = cause.code === 'MODULE_NOT_FOUND' && cause.message.includes("'${file}.cjs'");`,
    `  if (!isLost && cause.code !== 'ERR_INVALID_ARG_VALUE') throw cause;`,
    `  const message = ${JSON.stringify(BUNDLED)};`,
    `  throw Object.assign(new Error(message, { cause }), { code: 'ERR_FORKMAP_UNSUPPORTED' });`,
    `}`,
    `export const { ${names.join(', ')} } = all;`,
  ];
  writeFileSync(`${path}.js`, `${lines.join('\n')}\n`);
  writeFileSync(`${path}.d.ts`, `export * from '${file}.cjs';\n`);
}

/** What those whose code is in a bundle ask for: their names, and their terms. @param {readonly string[]} modules */
function licencesOf(modules) {
  const dirs = modules.flatMap((id) => id.match(/^.*\/node_modules\/(@[^/]+\/)?[^/]+(?=\/)/)?.[0] ?? []);
  const texts = [...new Set(dirs)].sort().map((dir) => {
    const { name, version } = read(join(dir, 'package.json'));
    const file = readdirSync(dir).find((each) => /^licen[cs]e/i.test(each));
    if (!file) throw new Error(`${name}: under which licence?`);
    return `${name} ${version}\n\n${readFileSync(join(dir, file), 'utf8').trim()}\n`;
  });
  return texts.join('\n');
}

/** @param {string} file */
function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
