/**
 * Installs and builds what is missing, then runs a compiled program of the workspace in a Node of its own.
 *   node scripts/run.mjs [--node-flag …] <member>/dist/<program>.js [its arguments]
 */
import process from 'node:process';
import { buildNative, buildTypeScript } from './lib/build.mjs';
import { installDependencies } from './lib/pnpm.mjs';
import { heading, main, run } from './lib/run.mjs';

const args = process.argv.slice(2);
const program = args.find((arg) => !arg.startsWith('-')) ?? '';
const member = program.split('/', 1)[0] ?? '';

await main(async () => {
  await installDependencies();
  buildNative();
  await buildTypeScript([member]);
  heading(program);
  run(process.execPath, args);
});
