import { readFileSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Task } from '../../recipe/task.js';
import { shortHash } from '../header.js';
import { importsOf, lexerReady } from './imports.js';
import { lockFileOf, manifestOf, resolveImport } from './resolve.js';

const HAS_IMPORTS = /\.([cm]?[jt]s|[jt]sx)$/;

/**
 * The files that tasks are made of: their modules, and all that these import, to any depth. Of installed packages the
 * lock file stands for all; where there is none, the manifest of each.
 * @returns a hash per file, by its path from the folder of the first task's module; the tasks themselves first
 */
export async function codeFilesOf(tasks: readonly Task[]): Promise<Record<string, string>> {
  await lexerReady();
  const entries = tasks.map(({ module }) => fileURLToPath(module));
  const base = dirname(entries[0] as string);
  const names = tasks.map(({ exportName }, at) => `${basename(entries[at] as string)}#${exportName}`);
  const files: Record<string, string> = { tasks: names.join(' ') };
  for (const [file, hash] of walk(entries)) files[relative(base, file)] = hash;
  return files;
}

function walk(entries: readonly string[]): Map<string, string> {
  const seen = new Map<string, string>();
  const queue = [...entries];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    if (seen.has(file)) continue;
    const source = readFileSync(file);
    seen.set(file, shortHash(source));
    if (!HAS_IMPORTS.test(file)) continue;
    for (const specifier of importsOf(source.toString())) {
      const found = resolveImport(specifier, file);
      if (!found) continue;
      if ('file' in found) queue.push(found.file);
      else notePackage(found.package, file, seen);
    }
  }
  return seen;
}

function notePackage(name: string, from: string, seen: Map<string, string>): void {
  const known = lockFileOf(from) ?? manifestOf(name, from);
  if (known !== undefined && !seen.has(known)) seen.set(known, shortHash(readFileSync(known)));
}
