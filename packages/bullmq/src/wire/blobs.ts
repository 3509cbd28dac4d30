import type { Redis } from 'ioredis';
import type { BlobRef, Keys } from './keys.js';

/** WHY: Redis serves one command at a time, and a value of 10 MB delays all others by a quarter of a second. */
export const MAX_PART_BYTES = 8 * 2 ** 20;

/** Stores bytes, in several keys where they are large. They go by themselves after `ttlMs`. */
export async function putBlob(
  redis: Redis,
  { keys, id, ttlMs }: { keys: Keys; id: string; ttlMs: number },
  bytes: Uint8Array,
): Promise<BlobRef> {
  const parts = Math.max(1, Math.ceil(bytes.byteLength / MAX_PART_BYTES));
  const keyOf = keys.blob(id);
  for (let part = 0; part < parts; part++) {
    const slice = bytes.subarray(part * MAX_PART_BYTES, (part + 1) * MAX_PART_BYTES);
    await redis.set(keyOf(part), asBuffer(slice), 'PX', ttlMs);
  }
  return { id, parts };
}

/** The bytes again; undefined where a part of them is gone. */
export async function getBlob(redis: Redis, keys: Keys, ref: BlobRef): Promise<Uint8Array | undefined> {
  const found: Buffer[] = [];
  for (const key of keysOf(keys, ref)) {
    const part = await redis.getBuffer(key);
    if (!part) return undefined;
    found.push(part);
  }
  return found.length === 1 ? found[0] : Buffer.concat(found);
}

export function keysOf(keys: Keys, { id, parts }: BlobRef): string[] {
  return Array.from({ length: parts }, (_, part) => keys.blob(id)(part));
}

/** The same memory, as ioredis takes it. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
