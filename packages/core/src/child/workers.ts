import { Worker } from 'node:worker_threads';

/** What a Worker keeps its thread under. SOURCE: Node 20 to 26, lib/internal/worker.js. */
const HANDLE = 'kHandle';

interface Handle {
  getAsyncId(): number;
}

/**
 * The origin's threads do not exist in a child: a Worker of the origin never keeps the child's event loop alive, even
 * where it is asked to, so that who waits for its answer is told that none can come.
 * WHY not only by libuv's count: Node asks the thread of its module hooks in this way, at `import()`.
 * @param firstOwnId the async id from which on all is the child's
 */
export function unrefOriginWorkersInChild(firstOwnId: number): void {
  const { ref } = Worker.prototype;
  Worker.prototype.ref = function () {
    if (asyncIdOf(this) >= firstOwnId) ref.call(this);
  };
}

function asyncIdOf(worker: Worker): number {
  const key = Object.getOwnPropertySymbols(worker).find(({ description }) => description === HANDLE);
  const handle = key && (worker as unknown as Record<symbol, Handle | null>)[key];
  return handle?.getAsyncId() ?? Number.POSITIVE_INFINITY;
}
