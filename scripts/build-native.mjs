/**
 * Builds the addon: one for all versions of Node, with the headers of the running one, or of another.
 *   node scripts/build-native.mjs [--node <folder with bin/node and include/node>] [--faults]
 */
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { buildNative } from './lib/build.mjs';
import { installDependencies } from './lib/pnpm.mjs';
import { main } from './lib/run.mjs';

const { values } = parseArgs({ options: { node: { type: 'string' }, faults: { type: 'boolean' } } });

await main(async () => {
  await installDependencies();
  const node = values.node ? join(values.node, 'bin', 'node') : process.execPath;
  buildNative({ faults: values.faults ?? false, node });
});
