import crypto from 'node:crypto';
import type { ChildWork, Surroundings } from '../work.js';

// SOURCE: Node 20 to 26, lib/internal/crypto/random.js: randomUUID draws 128 ids at a time.
const UUID_BATCH = 128;

/** Node's own buffers of random bytes drawn in advance, by the function that takes from them. */
const caches: { randomInt?: Uint8Array; randomUUID?: Uint8Array } = {};

/**
 * In the origin, before its first fork: finds the buffers from which `crypto.randomInt` and `crypto.randomUUID` take.
 * WHY so: they are variables of Node's own module; one method, or accessor, of each is used where it can be seen.
 */
export function findRandomCaches(): void {
  caches.randomInt ??= receiverOf(Buffer.prototype, 'readUIntBE', () => crypto.randomInt(2));
  // When a batch is used up, Node fills the buffer again, and asks for its length: once in 128 calls.
  caches.randomUUID ??= receiverOf(Object.getPrototypeOf(Uint8Array.prototype), 'byteLength', () => {
    for (let i = 0; i < UUID_BATCH; i++) crypto.randomUUID();
  });
}

/** The last buffer that `act` used the method or accessor `name` of. */
function receiverOf(prototype: object, name: string, act: () => void): Uint8Array | undefined {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  const kind = descriptor?.get ? 'get' : 'value';
  const original = descriptor?.[kind] as ((...args: unknown[]) => unknown) | undefined;
  if (!descriptor || !original) return undefined;
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
  if (caches.randomInt) child.fillRandom(caches.randomInt);
  if (caches.randomUUID) child.fillRandom(caches.randomUUID);
  // WHY a whole round: somewhere in it the batch is used up, and filled again with bytes of this child's own.
  else for (let i = 0; i < UUID_BATCH; i++) crypto.randomUUID();
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
