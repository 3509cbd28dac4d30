const scale = Number(process.env.FORKMAP_TIMEOUT_SCALE ?? 1);

/** A deadline in ms, stretched on slow machines by FORKMAP_TIMEOUT_SCALE. */
export const scaled = (ms: number): number => ms * scale;

/** An itemTimeout that a quick item keeps to wherever tests run at all: busy machines let a process wait for half a second. */
export const ITEM_TIMEOUT_MS = scaled(2_000);

/** In a child: blocks its thread until it is killed, in naps, so that nobody can take it for a deadlock. */
export function sleepForEver(): never {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (;;) Atomics.wait(cell, 0, 0, 1_000);
}
