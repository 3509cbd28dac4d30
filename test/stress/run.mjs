/**
 * Runs every program of this folder, each in a process of its own: npm run stress [-- --all-nodes] [settings]
 * Settings that a program knows it takes: forks=, calls=, trials=.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildNative } from '../../scripts/lib/build.mjs';
import { fetchNodes, runningNode } from '../../scripts/lib/nodes.mjs';

/** Each with its settings, and with flags of Node's. */
const programs = [
  ['forks-under-churn.mjs'],
  ['workers-come-and-go.mjs'],
  ['key-makers.mjs'],
  ['spawn-after-calls.mjs'],
  ['sync-fork.mjs'],
  ['sync-fork.mjs', 'mib=300'],
  ['two-cpus.mjs'],
  ['error-to-rejection.mjs'],
  ['verbs.mjs'],
  ['tracing-cost.mjs'],
  ['async-against-sync.mjs'],
  ['many-lines.mjs', '--max-old-space-size=256'],
];
const settings = process.argv.slice(2).filter((arg) => arg !== '--all-nodes');
const nodes = process.argv.includes('--all-nodes') ? fetchNodes() : [runningNode];
buildNative();
buildNative({ faults: true });
for (const node of nodes) {
  for (const [program, ...given] of programs) {
    const path = fileURLToPath(new URL(String(program), import.meta.url));
    const flags = given.filter((arg) => arg.startsWith('--'));
    const args = given.filter((arg) => !arg.startsWith('--'));
    const { status } = spawnSync(node.bin, [...flags, path, ...args, ...settings], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}
