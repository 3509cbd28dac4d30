/** The packages as they are in a program's node_modules: what is published, and nothing that was compiled here. */
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

const published = ['package.json', 'bundle', 'prebuilds'];
const members = ['native', 'core', 'pool'];

/**
 * Lays them out below `dir`, which is made, with what they depend on. They must be built.
 * @param {string} dir
 */
export function layOut(dir) {
  const modules = join(dir, 'node_modules');
  rmSync(modules, { recursive: true, force: true });
  for (const member of members) {
    const from = join(root, 'packages', member);
    const { name, dependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
    mkdirSync(join(modules, name), { recursive: true });
    for (const entry of published.filter((each) => existsSync(join(from, each))))
      cpSync(join(from, entry), join(modules, name, entry), { recursive: true });
    // WHY these alone: what they depend on in turn is optional.
    for (const other of Object.keys(dependencies).filter((each) => !each.startsWith('@forkmap/')))
      cpSync(realpathSync(join(from, 'node_modules', other)), join(modules, other), { recursive: true });
  }
}
