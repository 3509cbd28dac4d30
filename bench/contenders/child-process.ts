/** `child_process.fork` by hand: processes that are sent one batch after the other. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type Batch, openBatches, workerUrl } from './batches.js';
import type { Contender, Plan } from './contender.js';

interface Waiting {
  batch: Batch;
  resolve: (results: unknown[]) => void;
}

class Processes {
  readonly #all: ChildProcess[];
  readonly #idle: ChildProcess[] = [];
  readonly #waiting: Waiting[] = [];

  constructor({ workload, context, lanes }: Plan) {
    this.#all = Array.from({ length: lanes }, () =>
      fork(workerUrl('child-process'), { serialization: 'advanced' }),
    );
    for (const child of this.#all) {
      child.send({ setup: { workload, context } });
      this.#idle.push(child);
    }
  }

  send(batch: Batch): Promise<unknown[]> {
    return new Promise((resolve) => {
      this.#waiting.push({ batch, resolve });
      this.#feed();
    });
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#all.map(async (child) => {
        const ended = once(child, 'exit');
        child.disconnect();
        await ended;
      }),
    );
  }

  #feed(): void {
    const child = this.#idle.pop();
    if (!child) return;
    const next = this.#waiting.shift();
    if (!next) {
      this.#idle.push(child);
      return;
    }
    child.once('message', (results) => {
      this.#idle.unshift(child);
      next.resolve(results as unknown as unknown[]);
      this.#feed();
    });
    child.send({ batch: next.batch });
  }
}

export const contender: Contender = {
  open: async (plan) => {
    const processes = new Processes(plan);
    return openBatches(
      plan,
      (batch) => processes.send(batch),
      () => processes.close(),
    );
  },
};
