import { renameProgram } from '@forkmap/pool/internal';
import picomatch from 'picomatch';
import type { CallMessage, Refusal } from '../wire/messages.js';
import { hashOfModule, urlOfModule } from '../wire/modules.js';

/** Which modules' exports a worker runs. */
export class TaskList {
  readonly #root: string;
  readonly #isAllowed: (path: string) => boolean;
  readonly #packages: Set<string>;

  /** @param patterns globs below `root`, and packages by `npm:name` */
  constructor(patterns: readonly string[], root: string) {
    this.#root = root;
    const isPackage = (pattern: string) => pattern.startsWith('npm:');
    this.#packages = new Set(patterns.filter(isPackage).map((pattern) => pattern.slice('npm:'.length)));
    const globs = patterns.filter((pattern) => !isPackage(pattern)).map((glob) => glob.replace(/^\.\//, ''));
    this.#isAllowed = globs.length > 0 ? picomatch(globs) : () => false;
  }

  /** The program with the modules' URLs on this machine; or why it does not run here. */
  admit({ program, files }: CallMessage): { program: CallMessage['program'] } | { refusal: Refusal } {
    try {
      return { program: renameProgram(program, (name) => this.#urlOf(name, files[name])) };
    } catch (error) {
      return { refusal: { code: 'ERR_FORKMAP_CODE_MISMATCH', message: (error as Error).message } };
    }
  }

  #urlOf(name: string, hash: string | undefined): string {
    if (!this.#allows(name)) {
      throw new Error(`this worker does not offer ${name}: its --tasks do not name it`);
    }
    const url = urlOfModule(name, this.#root);
    if (hashOfModule(url) !== hash) {
      throw new Error(
        `${name} is another file at the caller than on this worker: deploy the same files to both`,
      );
    }
    return url;
  }

  #allows(name: string): boolean {
    const [, packageName] = /^npm:((?:@[^/]+\/)?[^/@]+)@/.exec(name) ?? [];
    if (packageName !== undefined) return this.#packages.has(packageName);
    return name.startsWith('app:') && this.#isAllowed(name.slice('app:'.length));
  }
}
