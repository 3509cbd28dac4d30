/** What piscina's threads run: one lane's native fork call for a chunk. Nothing here touches the caller's values. */
import { type DriveRequest, loadNative, type Outcome } from '@forkmap/native';
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';

// That this thread is there: see `forkUndisturbed`. WHY asked: where it is missing, nobody waits.
const arrived: unknown = workerData;
if (arrived instanceof Int32Array) {
  Atomics.add(arrived, 0, 1);
  Atomics.notify(arrived, 0);
}

/** A chunk of a call; or nothing, for a thread to start and say so. */
export interface DriveTask {
  id?: number;
  request?: DriveRequest;
}

/** Blocks this thread until the chunk's child is reaped; its frames are transferred, not copied. */
export function drive({ id, request }: DriveTask): unknown {
  if (id === undefined || request === undefined) return undefined;
  const outcome: Outcome = loadNative().drive(id, request);
  if (!outcome.frames) return outcome;
  return move({ [transferableSymbol]: [outcome.frames], [valueSymbol]: outcome } as never);
}
