import type { MessagePort, Worker } from 'node:worker_threads';

// SOURCE: Node 20 to 26, lib/internal/worker.js: what a Worker keeps its thread, and the port to it, under.
const HANDLE = 'kHandle';
const PORT = 'kPublicPort';
/** What Node refs the port at, beside `ref`. */
const LISTENS = ['on', 'addListener', 'prependListener'] as const;

interface Handle {
  getAsyncId(): number;
}

/** `Worker.prototype`, or what stands for it in a rehearsal. */
export type WorkerMethods = Pick<Worker, 'ref' | (typeof LISTENS)[number]>;

/**
 * The origin's threads do not exist in a child: a Worker of the origin never keeps the child's event loop alive, even
 * where it is asked or listened to, so that who waits for its answer is told that none can come.
 * WHY not only by libuv's count: Node refs it again, as it does with the thread of its module hooks at `import()`.
 * @param firstOwnId the async id from which on all is the child's
 */
export function unrefOriginWorkersInChild(firstOwnId: number, prototype: WorkerMethods): void {
  const isOrigins = (worker: Worker) => {
    const handle = partOf(worker, HANDLE) as Handle | null | undefined;
    return handle ? handle.getAsyncId() < firstOwnId : false;
  };
  const { ref } = prototype;
  if (Object.isFrozen(prototype)) return; // WHY: a Worker of the origin may keep a child waiting then, which is found out.
  prototype.ref = function (this: Worker) {
    if (!isOrigins(this)) ref.call(this);
  };
  for (const name of LISTENS) {
    const listen = prototype[name] as (...args: unknown[]) => Worker;
    const listenInChild = function (this: Worker, ...args: unknown[]) {
      if (isOrigins(this)) neverRef(partOf(this, PORT) as MessagePort);
      return listen.apply(this, args);
    };
    Object.defineProperty(prototype, name, { value: listenInChild, configurable: true, writable: true });
  }
}

function neverRef(port: MessagePort): void {
  Object.defineProperty(port, 'ref', { value: () => undefined, configurable: true, writable: true });
}

function partOf(worker: Worker, name: string): unknown {
  const key = Object.getOwnPropertySymbols(worker).find(({ description }) => description === name);
  return key && (worker as unknown as Record<symbol, unknown>)[key];
}
