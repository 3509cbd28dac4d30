import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

const SOURCES = new Set([
  '.js',
  '.mjs',
  '.cjs',
  '.ts',
  '.mts',
  '.cts',
  '.jsx',
  '.tsx',
  '.json',
  '.node',
  '.wasm',
]);
const LOCK_FILES = new Set(['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']);
const LEFT_OUT = new Set(['node_modules', 'coverage', 'tmp']);
const DIGITS = 16;

/**
 * The release of a program: a hash of its lock file and of all sources below its root, hidden folders and node_modules
 * left out. Two machines with the same files have the same release.
 */
export function releaseOf(root: string): string {
  const hash = createHash('sha256');
  for (const file of sourcesBelow(root)) {
    hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, DIGITS);
}

function sourcesBelow(dir: string): string[] {
  const entries = readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory())
      return LEFT_OUT.has(entry.name) || entry.name.startsWith('.') ? [] : sourcesBelow(path);
    return entry.isFile() && (SOURCES.has(extname(entry.name)) || LOCK_FILES.has(entry.name)) ? [path] : [];
  });
}
