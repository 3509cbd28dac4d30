/**
 * Builds the packages and packs them as a registry would have them, for trying them in another project:
 *   node scripts/pack.mjs [folder]      default: .tools/packages
 *   npm install <folder>/*.tgz          there
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { buildTypeScript } from './lib/build.mjs';
import { installDependencies, pnpm } from './lib/pnpm.mjs';
import { heading, main } from './lib/run.mjs';
import { packages, toolsDir } from './lib/workspace.mjs';

await main(async () => {
  const folder = process.argv[2] ? resolve(process.argv[2]) : join(toolsDir, 'packages');
  await installDependencies();
  await buildTypeScript(packages.map((name) => `packages/${name}`));
  heading(`pack into ${folder}`);
  if (!process.argv[2]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // WHY pnpm's and not npm's: it writes real versions for `workspace:`, and puts the licence in.
  for (const name of packages)
    pnpm(['--dir', `packages/${name}`, 'pack', '--silent', '--pack-destination', folder]);
});
