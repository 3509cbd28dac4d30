/** The packages as a registry would have them. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pnpm } from './pnpm.mjs';
import { heading } from './run.mjs';
import { packages } from './workspace.mjs';

/**
 * Packs what is built. WHY pnpm's pack and not npm's: it writes real versions for `workspace:`, and puts the licence in.
 * @param {string} folder @returns {string[]} the tarballs, in the order of the packages
 */
export function packInto(folder) {
  heading(`pack into ${folder}`);
  mkdirSync(folder, { recursive: true });
  for (const name of packages) {
    pnpm(['--dir', `packages/${name}`, 'pack', '--silent', '--pack-destination', folder]);
  }
  const tarballs = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  return packages.map((name) => {
    const isOf = name === 'cli' ? /^forkmap-\d/ : new RegExp(`^forkmap-${name}-\\d`);
    return join(folder, tarballs.find((file) => isOf.test(file)) ?? `forkmap-${name}.tgz`);
  });
}
