import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packages } from '../../scripts/lib/workspace.mjs';
import { scaled } from '../helpers/time.js';

const root = join(import.meta.dirname, '..', '..');
/** What all packages together may take to download. */
const LIMIT_BYTES = 1.5 * 2 ** 20;

describe('a packed package', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'forkmap-packages-'));
    // WHY no targets: to cross-compile takes minutes.
    execFileSync(process.execPath, [join(root, 'scripts', 'pack.mjs'), dir, '--targets='], { stdio: 'pipe' });
    for (const tarball of tarballs()) {
      const target = join(dir, /^forkmap-([a-z]+)-/.exec(tarball)?.[1] ?? 'cli');
      execFileSync('mkdir', [target]);
      execFileSync('tar', ['xf', join(dir, tarball), '--strip-components=1', '-C', target]);
    }
  }, scaled(60_000));
  afterAll(() => rmSync(dir, { recursive: true }));

  const tarballs = () => readdirSync(dir).filter((file) => file.endsWith('.tgz'));
  const filesOf = (name: string) => readdirSync(join(dir, name), { recursive: true, encoding: 'utf8' });
  const manifestOf = (name: string) => JSON.parse(readFileSync(join(dir, name, 'package.json'), 'utf8'));

  it('is there for each package of the workspace', () => {
    expect(tarballs()).toHaveLength(packages.length);
  });

  it.each(packages)('%s has code, types, licence and README', (name) => {
    const entry = ['index.cjs', 'index.js', 'index.d.cts', 'index.d.ts'].map((file) => `bundle/${file}`);
    expect(filesOf(name)).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', ...entry]));
  });

  it.each(packages)('%s has no tests, no leavings of a build, no maps, and no TypeScript', (name) => {
    const files = filesOf(name);
    expect(files.filter((file) => /\.test\.|tsbuildinfo|stamp|node_modules|\.map$/.test(file))).toEqual([]);
    expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([]);
  });

  it.each(packages)('%s asks for real versions, and runs nothing when it is installed', (name) => {
    const { version, dependencies = {}, scripts = {} } = manifestOf(name);
    const own = Object.entries(dependencies).filter(([key]) => /^(@forkmap\/|forkmap$)/.test(key));
    expect(own.map(([, range]) => range)).toEqual(own.map(() => `^${version}`));
    expect(Object.values(dependencies)).not.toContainEqual(expect.stringContaining('workspace:'));
    expect(scripts).toEqual({});
  });

  it.each(packages)('%s says where it is from and which Node it needs', (name) => {
    expect(manifestOf(name)).toMatchObject({
      repository: { directory: `packages/${name}` },
      engines: { node: '>=20.3' },
      keywords: expect.arrayContaining(['parallel', 'map', 'fork']),
    });
  });

  it.each(['core', 'pool', 'cli'])('%s loads nothing but what it asks for', (name) => {
    const bundle = join(dir, name, 'bundle');
    const { dependencies, peerDependencies } = manifestOf(name);
    const asked = Object.keys({ ...dependencies, ...peerDependencies });
    const loaded = readdirSync(bundle)
      .filter((file) => file.endsWith('.cjs'))
      .flatMap((file) => [
        ...readFileSync(join(bundle, file), 'utf8').matchAll(/(?:require|import)\("([^."][^"]*)"\)/g),
      ])
      .map(([, id]) => /^(@[^/]+\/)?[^/]+/.exec(id as string)?.[0] as string);
    const foreign = [...new Set(loaded)].filter((id) => !id.startsWith('node:') && id !== 'url');
    expect(foreign).not.toEqual([]);
    expect(foreign.filter((id) => !asked.includes(id))).toEqual([]);
  });

  it.each([
    ['core', ['devalue']],
    ['pool', ['p-limit', 'yocto-queue']],
  ])('%s has the licences of what is bundled in it', (name, bundled) => {
    const licences = readFileSync(join(dir, name, 'bundle', 'LICENSES.txt'), 'utf8');
    for (const each of bundled) expect(licences).toMatch(new RegExp(`^${each} \\d`, 'm'));
  });

  it('native brings what the addon is built from', () => {
    expect(filesOf('native')).toEqual(
      expect.arrayContaining(['addon.gyp', 'build.mjs', 'include/napi.h', 'src/addon.cc']),
    );
  });

  it('is small: all together are under 1.5 MiB to download', () => {
    const bytes = tarballs().map((file) => statSync(join(dir, file)).size);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(LIMIT_BYTES);
  });

  it('has the version that the changelog speaks of first', () => {
    const [, newest] = /^## (\d\S*?),/m.exec(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')) ?? [];
    expect(packages.map((name) => manifestOf(name).version)).toEqual(packages.map(() => newest));
  });
});
