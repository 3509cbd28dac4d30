import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { releaseAtEnd } from './held.js';

const fixtures = join(import.meta.dirname, '..', 'fixtures');

/** A program of test/fixtures in a session, and a process group, of its own. */
export class Session {
  readonly program: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, ...args: string[]) {
    this.program = spawn(process.execPath, [join(fixtures, name), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    this.#lines = createInterface({ input: this.program.stdout! })[Symbol.asyncIterator]();
    releaseAtEnd(() => {
      for (const pid of this.processes()) process.kill(pid, 'SIGKILL');
    });
  }

  /** The next `count` lines that the program, or a process of its, prints. */
  async lines(count: number): Promise<string[]> {
    const lines: string[] = [];
    while (lines.length < count) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`the program ended after ${JSON.stringify(lines)}`);
      lines.push(value);
    }
    return lines;
  }

  /** As the terminal does it: to every process of the group. */
  interrupt(): void {
    process.kill(-(this.program.pid as number), 'SIGINT');
  }

  /** Those that have not ended. */
  processes(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && this.#has(name))
      .map(Number);
  }

  #has(pid: string): boolean {
    try {
      // SOURCE: proc_pid_stat(5): pid (comm) state ppid pgrp session …
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [state, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(session) === this.program.pid && state !== 'Z' && state !== 'X';
    } catch (error) {
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
  }
}
