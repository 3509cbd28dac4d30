/**
 * Puts the many small modules of a package into few files.
 * WHY: Node takes about half a millisecond to find, read and link a module; a program that maps one list waits for all.
 */
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { heading } from './run.mjs';
import { root } from './workspace.mjs';

/** What is imported, or started as a program or a thread, by its own name; all else is reached from these. */
const entries = {
  core: ['index.ts', 'internal.ts', 'spawned/watcher.ts'],
  pool: ['index.ts', 'internal.ts', 'driver.ts', 'cli.ts', 'spawn/child-main.ts', 'trace/opentelemetry.ts'],
};

/** Writes packages/<name>/bundle/<entry>.js: one file per entry, and what they share. */
export async function bundlePackages() {
  heading('bundles');
  // WHY here: this file is read before anything is installed.
  const { rolldown } = await import('rolldown');
  for (const [name, files] of Object.entries(entries)) {
    const dir = join(root, 'packages', name);
    const bundle = await rolldown({
      input: Object.fromEntries(files.map((file) => [basename(file, '.ts'), join(dir, 'src', file)])),
      platform: 'node',
      external: /^[^./]/,
      resolve: { extensionAlias: { '.js': ['.ts'] } },
    });
    const outDir = join(dir, 'bundle');
    rmSync(outDir, { recursive: true, force: true });
    await bundle.write({ dir: outDir, format: 'esm', sourcemap: true, chunkFileNames: 'shared-[name].js' });
    await bundle.close();
  }
}
