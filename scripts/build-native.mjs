/**
 * Builds the addon for the running Node, for another one, or for all that the workspace is held to.
 *   node scripts/build-native.mjs [--node <folder with bin/node and include/node> | --all-nodes] [--faults]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildNative } from './lib/build.mjs';
import { fetchNodes, nodeAt, runningNode } from './lib/nodes.mjs';
import { installDependencies } from './lib/pnpm.mjs';
import { main } from './lib/run.mjs';

const { values } = parseArgs({
  options: { node: { type: 'string' }, 'all-nodes': { type: 'boolean' }, faults: { type: 'boolean' } },
});

await main(async () => {
  await installDependencies();
  const asked = values.node ? nodeAt(join(values.node, 'bin', 'node')) : runningNode;
  for (const node of values['all-nodes'] ? fetchNodes() : [asked]) {
    buildNative(node, values.faults ? ['--faults'] : []);
  }
});
