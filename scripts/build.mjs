/** Installs what is missing and builds all, for the running Node: node scripts/build.mjs */
import { buildNative, buildTypeScript } from './lib/build.mjs';
import { installDependencies } from './lib/pnpm.mjs';
import { main } from './lib/run.mjs';

await main(async () => {
  await installDependencies();
  buildNative();
  await buildTypeScript();
});
