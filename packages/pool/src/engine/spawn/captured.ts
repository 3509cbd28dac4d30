import type { ChildProcess } from 'node:child_process';
import { turn } from '@forkmap/core/internal';

/** What a process writes to its standard output and error, chunk by chunk. */
export class Captured {
  readonly #texts = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };

  constructor(child: ChildProcess) {
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.on('data', (bytes: Uint8Array) => this.#texts[name].push(bytes));
    }
  }

  /** Resolves when all is read that was written before. */
  async settle(): Promise<void> {
    for (let count = -1; count !== this.#count(); ) {
      count = this.#count();
      await turn();
      await turn();
    }
  }

  take(): { stdout: string; stderr: string } {
    const { stdout, stderr } = this.#texts;
    return {
      stdout: Buffer.concat(stdout.splice(0)).toString(),
      stderr: Buffer.concat(stderr.splice(0)).toString(),
    };
  }

  #count(): number {
    return this.#texts.stdout.length + this.#texts.stderr.length;
  }
}
