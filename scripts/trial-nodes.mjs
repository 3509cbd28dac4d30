/**
 * Tries the prebuilt addon on many versions of Node, from the oldest to the newest: npm run trial:nodes [-- <version> …]
 * A line for each version; exit code 1 where a step failed.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { buildTypeScript } from './lib/build.mjs';
import { layOut } from './lib/installed.mjs';
import { fetchNode } from './lib/nodes.mjs';
import { installDependencies } from './lib/pnpm.mjs';
import { buildPrebuilds } from './lib/prebuilds.mjs';
import { heading, main, StepError } from './lib/run.mjs';
import { root, toolsDir } from './lib/workspace.mjs';

/** The first and the last of each major version, and some between. */
const versions = [
  ...['20.3.1', '20.9.0', '20.18.3', '20.20.2', '21.0.0', '21.7.3'],
  ...['22.0.0', '22.12.0', '22.23.5', '23.0.0', '23.11.1'],
  ...['24.0.0', '24.11.1', '24.22.3', '25.0.0', '25.9.0', '26.0.0', '26.5.1', '26.12.1'],
];
const limitMs = 180_000;

/** @param {string} version @param {string} dir @returns {boolean} */
function tryVersion(version, dir) {
  const { bin } = fetchNode(version);
  const began = Date.now();
  const { stdout, stderr, status, signal } = spawnSync(bin, ['--max-old-space-size=128', 'steps.mjs'], {
    cwd: dir,
    encoding: 'utf8',
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  const lines = stdout.trim().split('\n');
  const [, passed, all] = /^(\d+) of (\d+)$/.exec(lines.at(-1) ?? '') ?? [];
  const isWell = status === 0 && passed !== undefined && passed === all;
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`${version.padEnd(10)} ${lines.at(-1)}${signal ? `, ended by ${signal}` : ''}  (${seconds} s)`);
  if (!isWell) console.log([...lines.slice(0, -1), stderr.slice(0, 2_000)].join('\n'));
  return isWell;
}

await main(async () => {
  const asked = process.argv.slice(2);
  await installDependencies();
  await buildTypeScript(['packages/pool']);
  await buildPrebuilds([`linux-${process.arch}`]);
  const dir = join(toolsDir, 'trial');
  layOut(dir);
  copyFileSync(join(root, 'scripts', 'trial', 'steps.mjs'), join(dir, 'steps.mjs'));
  heading('one addon, many versions of Node');
  const failed = (asked.length > 0 ? asked : versions).filter((version) => !tryVersion(version, dir));
  if (failed.length > 0) throw new StepError(`failed on ${failed.join(', ')}`);
});
