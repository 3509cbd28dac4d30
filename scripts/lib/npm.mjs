import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { heading, run } from './run.mjs';

/**
 * Installs one package, of an exact version, into a folder of its own.
 * @param {string} dir @param {string} spec
 */
export function npmInstall(dir, spec) {
  heading(`fetch ${spec}`);
  mkdirSync(dir, { recursive: true });
  // WHY: a manifest here keeps npm from taking the workspace's root for the place to install to.
  writeFileSync(join(dir, 'package.json'), '{ "private": true }\n');
  run(
    'npm',
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', spec],
    { cwd: dir },
  );
}
