/** Where the time goes: a trace for Perfetto, the channels beneath it, and a summary in words. */
import { tracingChannel } from 'node:diagnostics_channel';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChunkTrace, type Explanation, parMap, traceToFile } from 'forkmap';

const numbers = Array.from({ length: 100 }, (_, n) => n);

/** A tenth of a millisecond of CPU time. */
function spin(): void {
  const end = performance.now() + 0.1;
  while (performance.now() < end);
}

// A trace: open such a file in https://ui.perfetto.dev. FORKMAP_TRACE=file.json does this without a change to the program.
const folder = mkdtempSync(join(tmpdir(), 'forkmap-'));
const stop = traceToFile(join(folder, 'trace.json'));
await parMap(numbers, spin, { name: 'spins', chunk: 50, lanes: 2 });
stop();
const events: { name: string; ph: string }[] = JSON.parse(readFileSync(join(folder, 'trace.json'), 'utf8'));
const spans = events.filter(({ ph }) => ph === 'X').map(({ name }) => name);
console.log([...new Set(spans)].sort().join(', '));
rmSync(folder, { recursive: true });

// The channels: every chunk as an object, for whatever you like to make of it.
const chunks = tracingChannel<unknown, ChunkTrace>('forkmap:chunk');
const seen: ChunkTrace[] = [];
const onEnd = (chunk: unknown) => void seen.push(chunk as ChunkTrace);
chunks.asyncEnd.subscribe(onEnd);
await parMap(numbers, spin, { chunk: 25, lanes: 2 });
chunks.asyncEnd.unsubscribe(onEnd);
const isWork = seen.every(({ timings, pid }) => pid !== process.pid && timings.workMs >= 2.5);
console.log(seen.length, 'chunks, each with at least 2.5 ms of work:', isWork);

// In words: `explain: true` prints it.
let explanation: Explanation | undefined;
await parMap(numbers, spin, {
  chunk: 25,
  lanes: 2,
  explain: (told) => {
    explanation = told;
  },
});
process.stderr.write(explanation?.text ?? '');
console.log(
  explanation?.chunks,
  'chunks,',
  explanation?.forks,
  'forks, work at least 10 ms:',
  (explanation?.lanesMs.work ?? 0) >= 10,
);

// Prints:
// chunk [0, 50), chunk [50, 100), decode [0, 50), decode [50, 100), encode, fork, parMap spins, send, snapshot, work
// 4 chunks, each with at least 2.5 ms of work: true
// 4 chunks, 4 forks, work at least 10 ms: true
