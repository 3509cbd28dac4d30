import { encodeResults } from './index.js';

/** How often each sample is encoded: the first time compiles, the second lets V8 note what it saw. */
const ROUNDS = 2;

/** Results as functions return them, of each kind that goes another way. */
function samples(): unknown[][] {
  const rows = [0, 1, 2, 3, 4, 5, 6, 7];
  return [
    rows,
    rows.map((i) => i / 7),
    rows.map((i) => `text ${i}`),
    rows.map((i) => i % 2 === 0),
    rows.map(() => undefined),
    rows.map((i) => [null, i, i / 7, 'text', true][i % 5]),
    rows.map((i) => ({
      id: i,
      name: `text ${i}`,
      score: i / 7,
      isOk: i % 2 === 0,
      note: i % 3 ? 'text' : null,
    })),
    rows.map((i) => ({ at: new Date(i), list: [i, i + 1], inner: { name: 'text' }, names: ['a', 'b'] })),
    rows.map((i) =>
      i % 2 ? { id: i, list: ['text', i, null] } : { other: new Map([[i, new Set(['text'])]]) },
    ),
    rows.map((i) => Float64Array.of(i)),
    [new Array(101).fill(1)],
  ];
}

/** Compiled code is kept for some major collections after its last run, so this is soon enough to run it again. */
const KEPT_MS = 1000;

let batches: unknown[][] | undefined;
let warmAt = Number.NEGATIVE_INFINITY;

/**
 * Runs in the origin what children run, so that they inherit it compiled: it saves each of them 1 to 2 ms at its
 * first results. To be called before each fork: it takes about 3 ms the first time, less than 1 ms when the last time
 * is a second ago, and nothing in between.
 */
export function warmUp(): void {
  const now = performance.now();
  if (now - warmAt < KEPT_MS) return;
  warmAt = now;
  const rounds = batches === undefined ? ROUNDS : 1;
  batches ??= samples();
  try {
    for (let round = 0; round < rounds; round++) {
      for (const batch of batches) encodeResults(batch, { codec: 'auto' });
    }
  } catch {
    // WHY: what is only to save time must not fail a call, whatever a program has done to the language.
  }
}
