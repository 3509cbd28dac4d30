/** The Redis that the tests of the cluster start. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { heading, run, StepError } from './run.mjs';

/** Installs Redis where it is missing and this process may: on Debian, as root. */
export function installRedis() {
  if (isThere('redis-server')) return;
  if (!isThere('apt-get') || process.getuid?.() !== 0) {
    throw new StepError('the tests of the cluster need redis-server on the PATH');
  }
  heading('install redis-server');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], { env });
}

/** @param {string} command */
function isThere(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}
