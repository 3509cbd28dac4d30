import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { ChildWork, Surroundings } from '../work.js';

// SOURCE: Node 20 to 26, lib/internal/crypto/random.js: randomUUID draws 128 ids at a time.
const UUID_BATCH = 128;
// SOURCE: the same: randomInt takes 6 bytes each from 6 KiB.
const INT_BATCH = 1024;

/** Node's own buffers of random bytes drawn in advance, by the function that takes from them. */
const caches: { randomInt?: Uint8Array | undefined; randomUUID?: Uint8Array | undefined } = {};
let isSearched = false;

/**
 * In the origin, before its first fork: finds the buffers from which `crypto.randomInt` and `crypto.randomUUID` take.
 * WHY so: they are variables of Node's own module; one method, or accessor, of each is used where it can be seen. Where
 * it cannot, because the built-ins are frozen, children draw whole rounds instead.
 */
export function findRandomCaches(): void {
  if (isSearched) return;
  isSearched = true;
  caches.randomInt = receiverOf(Buffer.prototype, 'readUIntBE', () => crypto.randomInt(2));
  // When a batch is used up, Node fills the buffer again, and asks for its length: once in 128 calls.
  caches.randomUUID = receiverOf(Object.getPrototypeOf(Uint8Array.prototype), 'byteLength', () => {
    for (let i = 0; i < UUID_BATCH; i++) crypto.randomUUID();
  });
}

/** The last buffer that `act` used the method or accessor `name` of. Undefined where that cannot be seen. */
function receiverOf(prototype: object, name: string, act: () => void): Uint8Array | undefined {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  const kind = descriptor?.get ? 'get' : 'value';
  const original = descriptor?.[kind] as ((...args: unknown[]) => unknown) | undefined;
  if (!descriptor?.configurable || !original) return undefined;
  let receiver: Uint8Array | undefined;
  function spy(this: unknown, ...args: unknown[]): unknown {
    if (this instanceof Uint8Array) receiver = this;
    return Reflect.apply(original as typeof spy, this, args);
  }
  Object.defineProperty(prototype, name, { ...descriptor, [kind]: spy });
  try {
    act();
  } finally {
    Object.defineProperty(prototype, name, descriptor);
  }
  return receiver;
}

/** No two children draw the same numbers: what V8 and Node had drawn in advance is drawn anew. */
export function refreshRandomInChild({ child }: Surroundings, work: ChildWork): void {
  if (!child.reseedRandom() && work.seed === undefined) replaceMathRandom();
  if (caches.randomInt) {
    child.fillRandom(caches.randomInt);
    // WHY: where the buffer was used up, nothing is taken from it before it is filled again, and the origin may be at that.
    crypto.randomInt(2);
  } else {
    for (let i = 0; i <= INT_BATCH; i++) crypto.randomInt(2);
  }
  if (caches.randomUUID) child.fillRandom(caches.randomUUID);
  // WHY a whole round: somewhere in it the batch is used up, and filled again with bytes of this child's own.
  else for (let i = 0; i < UUID_BATCH; i++) crypto.randomUUID();
}

/**
 * Before the first child of a snapshot: `crypto.randomInt` with a callback waits for no filling of its buffer.
 * WHY: one that the origin's threads were at when it was forked never ends here, and Node begins no other meanwhile.
 */
export function settleRandomInChild({ host, inherited, protocol }: Surroundings): void {
  if (host !== process || (inherited & protocol.inherited.requests) === 0) return;
  const draw = crypto.randomInt as (min: number, max?: number) => number;
  const drawInChild = (min: number, max?: unknown, callback?: unknown): number | undefined => {
    const told = callback ?? max;
    if (typeof told !== 'function') return draw(min, max as number | undefined);
    const drawn = typeof max === 'function' ? draw(min) : draw(min, max as number);
    process.nextTick(told as () => void, undefined, drawn);
    return undefined;
  };
  Object.defineProperty(crypto, 'randomInt', {
    value: drawInChild,
    configurable: true,
    enumerable: true,
    writable: true,
  });
  syncBuiltinESMExports();
}

/** Where V8's generator was not found: 53 random bits a number, as many calls to the kernel as needed. */
function replaceMathRandom(): void {
  const words = new BigUint64Array(128);
  let left = 0;
  Math.random = () => {
    if (left === 0) {
      crypto.randomFillSync(words);
      left = words.length;
    }
    left -= 1;
    return Number((words[left] as bigint) >> 11n) / 2 ** 53;
  };
}
