import { performance as clock } from 'node:perf_hooks';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { TextDecoder as Decoder, TextEncoder as Encoder } from 'node:util';

// What the library uses of the language and of Node, and programs replace: fake clocks, other promises, test
// environments. Taken when the library is loaded: whatever a program does to its globals later, the library goes on.
// INVARIANT: scripts/lib/bundle.mjs puts these in the place of the globals of the same names, in all files of a bundle
// and in the dependencies that are bundled with them. Where what the program has put there is meant, it is `globalThis.`.

/** What a fake clock puts in a function's place. */
interface Fake {
  clock?: Record<string, unknown>;
}

/**
 * WHY: the library may be loaded while a clock is faked.
 * SOURCE: @sinonjs/fake-timers 6 to 15 (also within vitest and jest), hijackMethod: a fake keeps its clock, and the clock
 * keeps what it replaced, under the same name with an underscore.
 */
function genuine<F>(name: string, found: F): F {
  const replaced = (found as Fake).clock?.[`_${name}`];
  return typeof replaced === 'function' ? (replaced as F) : found;
}

// WHY of node:timers, and not global: test environments such as jsdom have timers of their own, which are numbers.
export const setTimeout = genuine('setTimeout', timers.setTimeout);
export const clearTimeout = genuine('clearTimeout', timers.clearTimeout);
export const setInterval = genuine('setInterval', timers.setInterval);
export const clearInterval = genuine('clearInterval', timers.clearInterval);
export const setImmediate = genuine('setImmediate', timers.setImmediate);
export const nextTick = genuine('nextTick', globalThis.process.nextTick);

/** Resolves in the event loop's next turn. WHY not imported where it is used: an import is read anew at each use. */
export const turn = genuine('setImmediate', timersPromises.setImmediate);

const { timeOrigin } = clock;
export const performance = { now: genuine('now', clock.now).bind(clock), timeOrigin };

/** WHY of an asynchronous function: nothing that a program does changes what such a function returns. */
export const NativePromise: PromiseConstructor = Object.getPrototypeOf((async () => undefined)()).constructor;

/** WHY the last ancestor: a fake clock's `Date` inherits from the one that it has replaced. */
function genuineDate(): DateConstructor {
  let found: DateConstructor = globalThis.Date;
  for (;;) {
    const parent = Object.getPrototypeOf(found);
    if (typeof parent !== 'function' || parent === Function.prototype) return found;
    found = parent;
  }
}

export const NativeDate: DateConstructor = genuineDate();

/** By which devalue tells what a value is. */
export const toStringOfObject = globalThis.Object.prototype.toString;

// WHY here: jsdom has none of its own, and those of jest make bytes of another realm.
export const TextEncoder = Encoder;
export const TextDecoder = Decoder;
