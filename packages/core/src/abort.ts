/** What an aborted call rejects with. WHY not always its reason: signals of older polyfills have none. */
export function abortReason(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException('This operation was aborted', 'AbortError');
}

/** Throws what an aborted call rejects with, where the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortReason(signal);
}

/** What is to be done when a signal fires. */
const watched = new WeakMap<AbortSignal, { acts: Set<() => void>; hear: () => void }>();

/**
 * Calls `act` once, when the signal fires. Gives back how to stop waiting for that.
 * WHY one listener for all: Node warns of a leak where a signal has more than ten, and a program may give one to all its
 * calls.
 */
export function whenAborted(signal: AbortSignal, act: () => void): () => void {
  const known = watched.get(signal) ?? watch(signal);
  known.acts.add(act);
  return () => {
    if (known.acts.delete(act) && known.acts.size === 0) {
      signal.removeEventListener('abort', known.hear);
      if (watched.get(signal) === known) watched.delete(signal);
    }
  };
}

function watch(signal: AbortSignal) {
  const acts = new Set<() => void>();
  const hear = () => {
    watched.delete(signal);
    signal.removeEventListener('abort', hear);
    for (const act of acts) act();
    acts.clear();
  };
  const known = { acts, hear };
  watched.set(signal, known);
  signal.addEventListener('abort', hear);
  return known;
}
