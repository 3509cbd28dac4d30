/**
 * Builds the packages and packs them as a registry would have them, for trying them in another project:
 *   node scripts/pack.mjs [folder] [--targets linux-x64,…]      default: .tools/packages, and all machines
 *   npm install <folder>/*.tgz                                  there
 * --targets: the machines to cross-compile the addon for, by the names of scripts/lib/prebuilds.mjs; none where it is
 * empty. What is in packages/native/prebuilds already is packed too.
 */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildTypeScript } from './lib/build.mjs';
import { packInto } from './lib/pack.mjs';
import { installDependencies } from './lib/pnpm.mjs';
import { buildPrebuilds, copyHeaders } from './lib/prebuilds.mjs';
import { main } from './lib/run.mjs';
import { packages, toolsDir } from './lib/workspace.mjs';

const { values, positionals } = parseArgs({
  options: { targets: { type: 'string' } },
  allowPositionals: true,
});

await main(async () => {
  const folder = resolve(positionals[0] ?? join(toolsDir, 'packages'));
  await installDependencies();
  await buildTypeScript(packages.map((name) => `packages/${name}`));
  await buildPrebuilds(values.targets?.split(',').filter(Boolean));
  copyHeaders();
  if (!positionals[0]) rmSync(folder, { recursive: true, force: true });
  packInto(folder);
});
