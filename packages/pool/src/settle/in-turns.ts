import { turn } from '@forkmap/core/internal';

const TURN_MS = 4;

/**
 * Takes all steps, and lets the event loop turn every few ms.
 * WHY: results of millions of items take a second to decode, in which a server would answer nobody. And memory that is
 * written to while children still have it is copied, page by page, which takes several times as long: the turns let the call
 * see that the others are done, and end them.
 * @returns how long the steps took, in ms
 */
export async function inTurns(steps: Iterator<void>): Promise<number> {
  let tookMs = 0;
  let beganMs = performance.now();
  while (!steps.next().done) {
    const ranMs = performance.now() - beganMs;
    if (ranMs < TURN_MS) continue;
    tookMs += ranMs;
    await turn();
    beganMs = performance.now();
  }
  return tookMs + performance.now() - beganMs;
}
