/**
 * Publishes all packages, in the order in which they need each other:
 *   node scripts/release.mjs [--dry-run]
 * The version is that of the workspace's manifest, and the changelog's newest entry must be of it and have a date.
 * --dry-run packs and checks all of it, says what it would publish and what is in the way, and publishes nothing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { buildNative, buildTypeScript } from './lib/build.mjs';
import { checks } from './lib/checks.mjs';
import { packInto } from './lib/pack.mjs';
import { installDependencies } from './lib/pnpm.mjs';
import { heading, main, run, StepError } from './lib/run.mjs';
import { root } from './lib/workspace.mjs';

const isDryRun = process.argv.includes('--dry-run');
const { version, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What would make a release a wrong one. @returns {string[]} */
function obstacles() {
  const found = [];
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const [, newest, date] = /^## (\S+), (.+)$/m.exec(changelog) ?? [];
  if (newest !== version)
    found.push(`CHANGELOG.md speaks first of ${newest}, and package.json of ${version}`);
  if (!/^\d{4}-\d\d-\d\d$/.test(date ?? '')) found.push(`the entry of ${newest} in CHANGELOG.md has no date`);
  if (repository.url.includes('example.invalid'))
    found.push('package.json has no address of the repository yet');
  const { stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
  if (stdout !== '') found.push('the work tree has changes that are not committed');
  return found;
}

await main(async () => {
  const found = obstacles();
  for (const obstacle of found) console.log(`not ready: ${obstacle}`);
  if (found.length > 0 && !isDryRun) throw new StepError('nothing was published');
  await installDependencies();
  buildNative();
  await buildTypeScript();
  for (const { name, check } of checks) {
    heading(name);
    await check();
  }
  const folder = mkdtempSync(join(tmpdir(), 'forkmap-release-'));
  try {
    for (const tarball of packInto(folder)) {
      const args = ['publish', tarball, '--access', 'public', '--loglevel', 'error'];
      if (isDryRun) run('npm', [...args, '--dry-run']);
      else run('npm', [...args, '--provenance']);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(isDryRun ? `a release of ${version} would publish the above` : `published ${version}`);
});
