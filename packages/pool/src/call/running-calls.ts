import { native } from '@forkmap/core/internal';

/**
 * The calls of this thread that have children. WHY kept: at `process.exit()` Node waits for its threads, and a driver
 * waits for its child: without this, an exit would last as long as the child.
 */
class RunningCalls {
  readonly #ids = new Set<number>();
  readonly #cancelAll = () => {
    for (const id of this.#ids) native().cancel(id);
  };

  add(id: number): void {
    if (this.#ids.size === 0) process.on('exit', this.#cancelAll);
    this.#ids.add(id);
  }

  delete(id: number): void {
    this.#ids.delete(id);
    if (this.#ids.size === 0) process.off('exit', this.#cancelAll);
  }
}

export const runningCalls = new RunningCalls();
