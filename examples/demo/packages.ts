import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join } from 'node:path';

interface Manifest {
  name?: string;
  version?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** One installed package, and what it says that it needs. */
export class Package {
  readonly name: string;
  readonly version: string;
  readonly #declared: ReadonlySet<string>;

  constructor(manifest: Manifest) {
    this.name = manifest.name ?? '(no name)';
    this.version = manifest.version ?? '?';
    const { dependencies, optionalDependencies, peerDependencies } = manifest;
    this.#declared = new Set(Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }));
  }

  /** Whether an import of `specifier` is one that the manifest answers for. */
  declares(specifier: string): boolean {
    if (/^[./#]/.test(specifier) || specifier.includes(':') || isBuiltin(specifier)) return true;
    const parts = specifier.split('/');
    const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
    return name === this.name || this.#declared.has(name) || this.#declared.has(typesOf(name));
  }
}

/** `@types/node` for `node`, `@types/babel__core` for `@babel/core`. */
function typesOf(name: string): string {
  return `@types/${name.replace(/^@/, '').replace('/', '__')}`;
}

/** Which package a file belongs to: live objects with private fields, which no structured clone would carry. */
export class PackageIndex {
  readonly #byFolder = new Map<string, Package>();
  readonly files: string[] = [];

  /** Walks a folder, without following links. */
  constructor(folder: string) {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      if (entry.name === 'package.json') this.#add(path);
      else if (/\.(ts|js)$/.test(entry.name)) this.files.push(path);
    }
    this.files.sort();
  }

  get size(): number {
    return this.#byFolder.size;
  }

  /** The nearest package above a file. */
  packageOf(file: string): Package | undefined {
    for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
      const found = this.#byFolder.get(folder);
      if (found || basename(dirname(folder)) === 'node_modules') return found;
    }
    return undefined;
  }

  #add(path: string): void {
    const manifest = parse(readFileSync(path, 'utf8'));
    // WHY: many a package has further manifests in it, which only say what kind of modules a folder holds.
    if (manifest?.name !== undefined) this.#byFolder.set(dirname(path), new Package(manifest));
  }
}

function parse(text: string): Manifest | undefined {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    return undefined; // WHY: some packages ship broken manifests, for tests of their own.
  }
}
