/**
 * Puts the many small modules of a package into few files, and those of small dependencies with them.
 * WHY: Node takes about half a millisecond to find, read and link a module; a program that maps one list waits for all.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { heading } from './run.mjs';
import { whenChanged } from './stamp.mjs';
import { root } from './workspace.mjs';

/** What is imported, or started as a program or a thread, by its own name; all else is reached from these. */
const entries = {
  core: ['index.ts', 'internal.ts', 'spawned/watcher.ts'],
  pool: [
    'index.ts',
    'internal.ts',
    'engine/fork/driver.ts',
    'engine/spawn/child-main.ts',
    'trace/opentelemetry.ts',
  ],
  cli: ['index.ts', 'opentelemetry.ts', 'command/main.ts'],
};

/**
 * Writes packages/<name>/bundle/<entry>.js: one file per entry, and what they share. Not where nothing has changed.
 * WHY not: a program may be reading them, such as a test beside one that builds.
 */
export async function bundlePackages() {
  heading('bundles');
  for (const [name, files] of Object.entries(entries)) {
    const dir = join('packages', name);
    const config = ['scripts/lib/bundle.mjs', 'package.json', 'pnpm-lock.yaml', join(dir, 'package.json')];
    const inputs = { files: [...sourcesIn(join(dir, 'src')), ...config] };
    await whenChanged(join(root, dir, 'bundle', '.stamp'), inputs, () => bundle(join(root, dir), files));
  }
}

/** @param {string} dir below the root */
function sourcesIn(dir) {
  return readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort()
    .map((file) => join(dir, file));
}

/** @param {string} dir of the package @param {readonly string[]} files its entries, below src */
async function bundle(dir, files) {
  // WHY here: this file is read before anything is installed.
  const { rolldown } = await import('rolldown');
  const input = files.map((file) => [basename(file, '.ts'), join(dir, 'src', file)]);
  const { dependencies, peerDependencies = {} } = read(join(dir, 'package.json'));
  const installed = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
  const build = await rolldown({
    input: Object.fromEntries(input),
    platform: 'node',
    external: (id) =>
      id.startsWith('node:') || installed.some((name) => id === name || id.startsWith(`${name}/`)),
    resolve: { extensionAlias: { '.js': ['.ts'] } },
  });
  const outDir = join(dir, 'bundle');
  rmSync(outDir, { recursive: true, force: true });
  const { output } = await build.write({
    dir: outDir,
    format: 'esm',
    sourcemap: true,
    comments: false,
    chunkFileNames: 'shared-[name].js',
  });
  await build.close();
  const modules = output.flatMap((chunk) => ('moduleIds' in chunk ? chunk.moduleIds : []));
  writeFileSync(join(outDir, 'LICENSES.txt'), licencesOf(modules));
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
