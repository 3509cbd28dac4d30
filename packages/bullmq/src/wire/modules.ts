import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { forkError } from '@forkmap/core/internal';

const PACKAGE = /^npm:((?:@[^/]+\/)?[^/@]+)@([^/]+)\/(.+)$/;
const APP = 'app:';

/** The folder of the program that this file, or the working directory, is in: the nearest with a package.json. */
export function defaultRoot(from = process.cwd()): string {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir;
    if (dirname(dir) === dir) return from;
  }
}

/** A module's URL as all machines understand it: `app:src/tasks.js`, or `npm:package@1.2.3/lib/index.js`. */
export function nameOfModule(url: string, root: string): string {
  if (!url.startsWith('file:')) throw refused(url, 'it is no file');
  const file = fileURLToPath(url);
  const marker = `${sep}node_modules${sep}`;
  const at = file.lastIndexOf(marker);
  if (at >= 0) return nameInPackage(file, at + marker.length);
  const path = relative(root, file);
  if (path.startsWith('..')) throw refused(url, `it is not below the program's root, ${root}`);
  return APP + path.split(sep).join('/');
}

function nameInPackage(file: string, at: number): string {
  const [first = '', second = ''] = file.slice(at).split(sep);
  const name = first.startsWith('@') ? `${first}/${second}` : first;
  const dir = join(file.slice(0, at), name);
  const { version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as { version: string };
  return `npm:${name}@${version}/${relative(dir, file).split(sep).join('/')}`;
}

function refused(url: string, why: string): Error {
  return forkError(
    'ERR_FORKMAP_UNSUPPORTED',
    `the task's module ${url} cannot be named on another machine: ${why}`,
  );
}

/** The URL of a named module here. Throws an Error that says what is missing. */
export function urlOfModule(name: string, root: string): string {
  const [, packageName, version, path] = PACKAGE.exec(name) ?? [];
  const dir = packageName === undefined ? root : findPackage(packageName, version as string, root);
  const file = resolve(dir, path ?? name.slice(APP.length));
  if (!file.startsWith(dir + sep)) throw new Error(`${name} is outside of ${dir}`);
  if (!existsSync(file)) throw new Error(`${name} is not there (${file})`);
  return pathToFileURL(file).href;
}

function findPackage(name: string, version: string, root: string): string {
  for (let dir = root; ; dir = dirname(dir)) {
    const found = join(dir, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) {
      const here = JSON.parse(readFileSync(join(found, 'package.json'), 'utf8')) as { version: string };
      if (here.version === version) return found;
      throw new Error(`the package ${name} is version ${here.version} here, and ${version} at the caller`);
    }
    if (dirname(dir) === dir) throw new Error(`the package ${name} is not installed below ${root}`);
  }
}

/** The hash of a module's file. */
export function hashOfModule(url: string): string {
  return createHash('sha256')
    .update(readFileSync(fileURLToPath(url)))
    .digest('hex');
}
