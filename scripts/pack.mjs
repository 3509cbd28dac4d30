/**
 * Builds the packages and packs them as a registry would have them, for trying them in another project:
 *   node scripts/pack.mjs [folder]      default: .tools/packages
 *   npm install <folder>/*.tgz          there
 */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { buildTypeScript } from './lib/build.mjs';
import { packInto } from './lib/pack.mjs';
import { installDependencies } from './lib/pnpm.mjs';
import { main } from './lib/run.mjs';
import { packages, toolsDir } from './lib/workspace.mjs';

await main(async () => {
  const folder = process.argv[2] ? resolve(process.argv[2]) : join(toolsDir, 'packages');
  await installDependencies();
  await buildTypeScript(packages.map((name) => `packages/${name}`));
  if (!process.argv[2]) rmSync(folder, { recursive: true, force: true });
  packInto(folder);
});
