/** The workspace's pnpm, for changing dependencies: node scripts/pnpm.mjs add -D … */
import process from 'node:process';
import { pnpm } from './lib/pnpm.mjs';
import { main } from './lib/run.mjs';

await main(async () => pnpm(process.argv.slice(2)));
