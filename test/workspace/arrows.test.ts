import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** [file, what it imports] */
const allowed = [
  ['packages/native/index.ts', 'node:fs'],
  ['packages/core/src/fork-map.ts', '@forkmap/native'],
  ['packages/core/src/errors/codes.ts', '../check.js'],
  ['packages/pool/src/par-map.ts', '@forkmap/core'],
  ['packages/pool/src/par-map.ts', '@forkmap/core/internal'],
  ['packages/pool/src/par-map.ts', '@forkmap/native'],
  ['packages/pool/src/par/map.ts', '../pool.js'],
  ['packages/cli/src/index.ts', '@forkmap/pool'],
] as const;

const forbidden = [
  ['packages/native/index.ts', '@forkmap/core'],
  ['packages/native/index.ts', '@forkmap/pool'],
  ['packages/native/index.ts', '../core/src/index.js'],
  ['packages/core/src/fork-map.ts', '@forkmap/pool'],
  ['packages/core/src/codec/index.ts', '../../../pool/src/index.js'],
  ['packages/core/src/fork-map.ts', '../../native/index.js'],
  ['packages/native/index.ts', 'forkmap'],
  ['packages/core/src/fork-map.ts', 'forkmap'],
  ['packages/pool/src/par-map.ts', '../../core/src/index.js'],
  ['packages/pool/src/par-map.ts', 'forkmap'],
  ['packages/cli/src/index.ts', '../../pool/src/index.js'],
] as const;

describe('the lint', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'forkmap-arrows-'));
    cpSync(join(root, 'biome.json'), join(dir, 'biome.json'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const lint = (file: string, imported: string) => {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), `export * from '${imported}';\n`);
    const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    const args = [biome, 'lint', '--vcs-enabled=false', '--only=style/noRestrictedImports'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8' });
    return { status, output: stdout + stderr };
  };

  it.each(allowed)('lets %s import %s', (file, imported) => {
    expect(lint(file, imported)).toMatchObject({ status: 0 });
  });

  it.each(forbidden)('keeps %s from importing %s', (file, imported) => {
    expect(lint(file, imported)).toMatchObject({
      status: 1,
      output: expect.stringContaining('noRestrictedImports'),
    });
  });
});
