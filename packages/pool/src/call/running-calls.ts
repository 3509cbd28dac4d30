import { native } from '@forkmap/core/internal';

/**
 * The calls of this thread that have children. WHY kept: at `process.exit()` Node waits for its threads, and a driver
 * waits for its child: without this, an exit would last as long as the child.
 */
class RunningCalls {
  readonly #ids = new Set<number>();
  #isListening = false;
  readonly #cancelAll = () => {
    for (const id of this.#ids) native().cancel(id);
  };

  add(id: number): void {
    this.#ids.add(id);
    if (!this.#isListening) this.#listen();
  }

  delete(id: number): void {
    this.#ids.delete(id);
    if (this.#ids.size > 0 || !this.#isListening) return;
    process.off('exit', this.#cancelAll);
    this.#isListening = false;
  }

  #listen(): void {
    try {
      process.on('exit', this.#cancelAll);
      this.#isListening = true;
    } catch {
      // WHY nothing: of a frozen process no child can be made, and a child says so.
    }
  }
}

export const runningCalls = new RunningCalls();
