import { checkFn, throwIfAborted } from '@forkmap/core/internal';
import { ForkedCall } from '../call/forked-call.js';
import { callThunk, mapInline } from '../inline.js';
import { callOptions } from '../pool/call-options.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';
import { joinItem } from '../recipe/item-functions.js';
import { made } from '../recipe/made.js';
import { Results } from '../settle/results.js';

type Thunk = () => unknown;
/** What each of the functions gives. */
export type Joined<F extends readonly Thunk[]> = { -readonly [I in keyof F]: Awaited<ReturnType<F[I]>> };

/**
 * Runs functions in parallel, each in a child of its own.
 *
 * @param thunks any closures, asynchronous or not.
 * @returns what each of them returned, in their order.
 * @throws (rejects with) the failure of the first, by their order, that fails, whichever was seen first: those before it
 *   are waited for, those after it are ended.
 */
export function join<F extends readonly Thunk[]>(...thunks: F): Promise<Joined<F>> {
  return joinOn(defaultHost, ...thunks);
}

/** As `join`, on a pool's lanes. */
export async function joinOn<F extends readonly Thunk[]>(host: Host, ...thunks: F): Promise<Joined<F>> {
  for (const [at, thunk] of thunks.entries()) checkFn(thunk, `thunks[${at}]`);
  const { options, lanes, isInline, engine, ownsLanes } = callOptions(host, undefined);
  throwIfAborted(options.signal);
  if (thunks.length === 0) return [] as never;
  const call = host.open(ownsLanes);
  const ledger = new FirstFailureWins(thunks.length, false);
  if (isInline) {
    await mapInline(thunks, callThunk, options, { ledger }).finally(() => call.close());
    return ledger.values as never;
  }
  await new ForkedCall({
    verb: 'join',
    length: thunks.length,
    invoke: made(joinItem, ...thunks),
    engine,
    ledger,
    host: call,
    options: { ...options, chunk: 1, isolation: 'chunk' },
    lanes,
  }).run();
  return ledger.values as never;
}

/** A failure stands once all before it are known; what comes after it is not needed. */
class FirstFailureWins extends Results<unknown> {
  override get neededEnd(): number {
    return this.firstFailure?.index ?? super.neededEnd;
  }

  override get isEnough(): boolean {
    if (!this.firstFailure) return false;
    for (let index = 0; index < this.firstFailure.index; index++) if (!this.isSettled(index)) return false;
    return true;
  }
}
