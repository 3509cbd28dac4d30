import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scaled } from '../helpers/time.js';

const root = join(import.meta.dirname, '..', '..');

describe('a packed package', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'forkmap-packages-'));
    execFileSync(process.execPath, [join(root, 'scripts', 'pack.mjs'), dir], { stdio: 'pipe' });
    for (const tarball of readdirSync(dir)) {
      const target = join(dir, /^forkmap-([a-z]+)-/.exec(tarball)?.[1] ?? 'cli');
      execFileSync('mkdir', [target]);
      execFileSync('tar', ['xf', join(dir, tarball), '--strip-components=1', '-C', target]);
    }
  }, scaled(60_000));
  afterAll(() => rmSync(dir, { recursive: true }));

  const filesOf = (name: string) => readdirSync(join(dir, name), { recursive: true, encoding: 'utf8' });

  it.each(['native', 'core', 'pool', 'cli'])('%s has all that it needs, and no more', (name) => {
    const files = filesOf(name);
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'package.json']),
    );
    expect(files.filter((file) => /\.test\.|tsbuildinfo|\.node$|node_modules/.test(file))).toEqual([]);
  });

  it.each(['native', 'core', 'pool', 'cli'])('%s asks for real versions', (name) => {
    const { dependencies, scripts = {} } = JSON.parse(readFileSync(join(dir, name, 'package.json'), 'utf8'));
    expect(Object.values(dependencies)).not.toContainEqual(expect.stringContaining('workspace:'));
    expect(scripts).toEqual(name === 'native' ? { install: expect.any(String) } : {});
  });

  it.each(['core', 'pool', 'cli'])('%s imports nothing but what it asks for', (name) => {
    const bundle = join(dir, name, 'bundle');
    const manifest = JSON.parse(readFileSync(join(dir, name, 'package.json'), 'utf8'));
    const asked = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const imported = readdirSync(bundle)
      .filter((file) => file.endsWith('.js'))
      .flatMap((file) => [
        ...readFileSync(join(bundle, file), 'utf8').matchAll(/^import .*["']([^."'].*)["'];$/gm),
      ])
      .map(([, id]) => /^(@[^/]+\/)?[^/]+/.exec(id as string)?.[0] as string);
    expect(new Set(imported.filter((id) => !id.startsWith('node:')))).not.toEqual(new Set());
    expect(imported.filter((id) => !id.startsWith('node:') && !asked.includes(id))).toEqual([]);
  });

  it.each([
    ['core', ['devalue']],
    ['pool', ['p-limit', 'yocto-queue']],
  ])('%s has the licences of what is bundled in it', (name, bundled) => {
    const licences = readFileSync(join(dir, name, 'bundle', 'LICENSES.txt'), 'utf8');
    for (const each of bundled) expect(licences).toMatch(new RegExp(`^${each} \\d`, 'm'));
  });

  it('native brings what the addon is built from', () => {
    expect(filesOf('native')).toEqual(expect.arrayContaining(['binding.gyp', 'build.mjs', 'src/addon.cc']));
  });
});
