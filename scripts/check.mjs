/** Lints and checks the format; node scripts/check.mjs --fix mends what can be mended. */
import process from 'node:process';
import { buildNative } from './lib/build.mjs';
import { checks } from './lib/checks.mjs';
import { installDependencies } from './lib/pnpm.mjs';
import { heading, main } from './lib/run.mjs';

const isFixing = process.argv.includes('--fix');

await main(installDependencies);
if (!isFixing) await main(async () => buildNative());
for (const { name, check, fix } of checks) {
  if (isFixing && !fix) continue;
  heading(name);
  await main(async () => (isFixing ? fix?.() : check()));
}
