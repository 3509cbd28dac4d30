import { encodeResults } from '../../codec/index.js';
import type { ChildContext, ChildWork } from '../work.js';

/** `encodeResults`, with what it took added up on the board. WHY always: two looks at the clock per batch are nothing. */
export function encodeTimed(context: ChildContext, values: readonly unknown[], work: ChildWork): Uint8Array {
  const { slotTimes, protocol } = context;
  const beganMs = performance.now();
  try {
    return encodeResults(values, work.codec);
  } finally {
    const at = protocol.slot.encodeMs;
    slotTimes[at] = (slotTimes[at] ?? 0) + performance.now() - beganMs;
  }
}
