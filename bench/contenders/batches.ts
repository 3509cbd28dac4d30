/** How a pool is used for a list: batches of items, so that messages do not cost more than the work. */
import { type WorkloadName, workloads } from '../workloads/index.js';
import type { Plan, Session } from './contender.js';

/** What a pool's worker is sent. No items: it answers at once, and so shows that it is there. */
export interface Batch {
  start: number;
  items: readonly unknown[];
}

/** What a pool's worker is given when it starts. */
export interface WorkerSetup {
  workload: WorkloadName;
  context: unknown;
}

export function runBatch({ start, items }: Batch, { workload: name, context }: WorkerSetup): unknown[] {
  const { apply } = workloads[name];
  return items.map((item, i) => apply(item, context, start + i));
}

/** Makes a session of a pool's way to send one batch. Resolves when every worker has answered once. */
export async function openBatches(
  { workload, lanes }: Plan,
  send: (batch: Batch) => PromiseLike<unknown[]>,
  close: () => PromiseLike<unknown>,
): Promise<Session> {
  const { batchItems } = workloads[workload];
  await Promise.all(Array.from({ length: lanes }, () => send({ start: 0, items: [] })));
  return {
    run: async (items) => {
      const sent: PromiseLike<unknown[]>[] = [];
      for (let start = 0; start < items.length; start += batchItems) {
        sent.push(send({ start, items: items.slice(start, start + batchItems) }));
      }
      const parts = await Promise.all(sent);
      return parts.length === 1 ? (parts[0] as unknown[]) : parts.flat();
    },
    close: async () => {
      await close();
    },
  };
}

/** The file of a worker program beside this one. */
export function workerUrl(name: string): URL {
  return new URL(`./workers/${name}.js`, import.meta.url);
}
