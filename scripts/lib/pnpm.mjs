/** pnpm, whether or not the machine has it, and the workspace's dependencies. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { npmInstall } from './npm.mjs';
import { heading, run } from './run.mjs';
import { whenChanged } from './stamp.mjs';
import { packages, pnpmVersion, root, toolsDir } from './workspace.mjs';

const members = ['.', ...packages.map((name) => `packages/${name}`), 'test', 'bench', 'examples'];

/** @param {readonly string[]} args */
export function pnpm(args) {
  const [file, ...first] = findPnpm();
  // WHY CI: pnpm asks no questions then.
  run(file, [...first, ...args], { env: { ...process.env, CI: 'true' } });
}

/** Installs what the lock file says, unless that is done. */
export async function installDependencies() {
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...members.map((dir) => join(dir, 'package.json'))];
  const facts = [process.platform, process.arch];
  await whenChanged(join(root, 'node_modules', '.forkmap-stamp'), { files, facts }, () => {
    heading('install');
    pnpm(['install', '--frozen-lockfile']);
  });
}

/** The machine's pnpm where it has the pinned major version, else one of our own. @returns {[string, ...string[]]} */
function findPnpm() {
  const { status, stdout } = spawnSync('pnpm', ['--version'], { cwd: root, encoding: 'utf8' });
  if (status === 0 && major(stdout) === major(pnpmVersion)) return ['pnpm'];
  const dir = join(toolsDir, `pnpm-${pnpmVersion}`);
  // WHY not the bin `pnpm`: it is a native program only where install scripts may run.
  const entry = join(dir, 'node_modules', 'pnpm', 'bin', 'pnpm.mjs');
  if (!existsSync(entry)) npmInstall(dir, `pnpm@${pnpmVersion}`);
  return [process.execPath, entry];
}

/** @param {string} version */
const major = (version) => version.trim().split('.', 1)[0];
