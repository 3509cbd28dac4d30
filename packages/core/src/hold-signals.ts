import { constants } from 'node:os';
import { type Check, invalidArgType, invalidArgValue, nearestName, outOfRange } from './check.js';
import { forkError } from './errors/classes.js';
import { native } from './native.js';

/** The kernel lets nobody hold these back; V8 and libuv live by the others. */
const NEVER_HELD = new Set([
  'SIGKILL',
  'SIGSTOP',
  ...['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGABRT', 'SIGIOT', 'SIGSYS'],
  ...['SIGCHLD', 'SIGPROF'],
]);

const numbers: Readonly<Record<string, number>> = constants.signals;

/** The option `blockSignals`: names of signals that can be held back. */
export const isSignals: Check = (name, value) => {
  if (!Array.isArray(value)) throw invalidArgType(name, 'an array of names of signals', value);
  for (const signal of value) {
    if (typeof signal !== 'string') throw invalidArgType(name, 'an array of names of signals', signal);
    if (NEVER_HELD.has(signal)) throw outOfRange(name, 'signals that can be held back', signal);
    if (Object.hasOwn(numbers, signal)) continue;
    const nearest = nearestName(signal, Object.keys(numbers));
    const hint = nearest === undefined ? '' : `; did you mean '${nearest}'?`;
    throw invalidArgValue(`The property '${name}' names an unknown signal '${signal}'${hint}`);
  }
};

/**
 * Holds signals back from this process until what comes back is called; each that came is delivered then, once.
 * Undefined where there are none to hold.
 */
export function holdSignals(signals: readonly NodeJS.Signals[] | undefined): (() => void) | undefined {
  if (signals === undefined || signals.length === 0) return undefined;
  const unique = [...new Set(signals.map((signal) => numbers[signal] as number))];
  const held = native().holdSignals(unique);
  if (typeof held === 'function') return held;
  throw forkError(
    'ERR_FORKMAP_UNSUPPORTED',
    `blockSignals: this system does not hold ${signals.join(', ')} back`,
  );
}
