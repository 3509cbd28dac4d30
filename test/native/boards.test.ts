import { loadNative } from '@forkmap/native';
import { expect, it } from 'vitest';

const native = loadNative();

function open(lanes: number): { id: number; board: ArrayBuffer } {
  const opened = native.openCall(lanes);
  if ('errno' in opened) throw new Error(`openCall: ${opened.syscall}`);
  return opened;
}

const close = (id: number) => new Promise<void>((closed) => native.closeCall(id, closed));

// WHY not detached: V8 makes slower code for all typed arrays of the process from the first buffer on that was.
it("a call's board is not detached, but used again by the next call of as many lanes, cleared", async () => {
  const first = open(3);
  const slots = new Int32Array(first.board, 0, (3 * native.protocol.slot.bytesPerSlot) / 4);
  slots.fill(7);
  await close(first.id);
  expect(first.board.byteLength).toBeGreaterThan(0);
  const second = open(3);
  expect(second.board).toBe(first.board);
  expect(slots.every((value) => value === 0)).toBe(true);
  await close(second.id);
});

it('calls at the same time have a board each', async () => {
  const calls = [open(2), open(2), open(4)];
  expect(new Set(calls.map(({ board }) => board)).size).toBe(3);
  for (const { id } of calls) await close(id);
});
