import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const IN_PACKAGES = /[/\\]node_modules[/\\]/;
const ENDINGS = ['', '.js', '.mjs', '.cjs', '.json', '.node', '.ts', '.mts', '.cts', '.tsx', '.jsx'];
const LOCK_FILES = [
  'pnpm-lock.yaml',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
];

/** Where what a module imports is. */
export type Imported =
  | { file: string }
  /** Installed: known by the lock file, and not looked into. */
  | { package: string }
  /** Of Node, or not found. */
  | undefined;

/** What a specifier means in a module: a file of the program's own, or an installed package. */
export function resolveImport(specifier: string, from: string): Imported {
  if (isBuiltin(specifier) || specifier.startsWith('data:')) return undefined;
  const file = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier;
  if (/^(\.{0,2}\/|\.{1,2}$)/.test(file)) {
    const found = existing(resolve(dirname(from), file.replace(/[?#].*$/, '')));
    return found === undefined ? undefined : { file: realpathSync(found) };
  }
  const found = requireResolve(specifier, from) ?? linkedEntry(specifier, from);
  if (found !== undefined && !IN_PACKAGES.test(found)) return { file: found };
  return specifier.startsWith('#') ? undefined : { package: packageName(specifier) };
}

/** The nearest lock file above a module. */
export function lockFileOf(file: string): string | undefined {
  for (let dir = dirname(file); ; dir = dirname(dir)) {
    const found = LOCK_FILES.map((name) => join(dir, name)).find((path) => existsSync(path));
    if (found !== undefined || dir === dirname(dir)) return found;
  }
}

/** The package.json of an installed package, as a module finds it. */
export function manifestOf(name: string, from: string): string | undefined {
  for (let dir = dirname(from); ; dir = dirname(dir)) {
    const found = join(dir, 'node_modules', name, 'package.json');
    if (existsSync(found)) return realpathSync(found);
    if (dir === dirname(dir)) return undefined;
  }
}

/** As `require` and TypeScript find it: with an ending added or exchanged, or a folder's index. */
function existing(path: string): string | undefined {
  const sources = path.replace(/\.([cm]?)js(x?)$/, '.$1ts$2');
  const candidates = [...ENDINGS.map((ending) => path + ending), sources];
  const found = candidates.find((candidate) => isFile(candidate));
  return (
    found ?? ENDINGS.map((ending) => join(path, `index${ending}`)).find((candidate) => isFile(candidate))
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function requireResolve(specifier: string, from: string): string | undefined {
  try {
    return realpathSync(createRequire(from).resolve(specifier));
  } catch {
    return undefined; // for `import` alone, or not there
  }
}

/** The main file of a package of the same workspace, which `require` cannot find where it is for `import` alone. */
function linkedEntry(specifier: string, from: string): string | undefined {
  const manifest = manifestOf(packageName(specifier), from);
  if (manifest === undefined || IN_PACKAGES.test(manifest)) return undefined;
  const { exports, module, main } = JSON.parse(readFileSync(manifest, 'utf8'));
  const subpath = `.${specifier.slice(packageName(specifier).length)}`;
  const target = targetOf(subpath === '.' ? (exports?.['.'] ?? exports) : exports?.[subpath]);
  return existing(resolve(dirname(manifest), target ?? module ?? main ?? 'index.js'));
}

function targetOf(exported: unknown): string | undefined {
  if (typeof exported === 'string') return exported;
  const conditions = Object(exported) as Record<string, unknown>;
  const chosen = conditions.import ?? conditions.node ?? conditions.default;
  return chosen === undefined ? undefined : targetOf(chosen);
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
