/**
 * A file of very many lines through parStream, in a process with a heap of 256 MB (`--max-old-space-size=256`, which
 * run.mjs gives it). Settings: lines=10000000 lanes=2.
 */
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parStream } from '@forkmap/pool';
import { report, setting } from './lib.mjs';

const lines = setting('lines', 10_000_000);
const folder = mkdtempSync(join(tmpdir(), 'forkmap-lines-'));
const path = join(folder, 'lines.txt');
const LINES_PER_WRITE = 10_000;

/** Line i is its number and a text. */
function* texts() {
  for (let i = 0; i < lines; i += LINES_PER_WRITE) {
    const count = Math.min(LINES_PER_WRITE, lines - i);
    yield Array.from({ length: count }, (_, k) => `${i + k} the quick brown fox\n`).join('');
  }
}

try {
  await pipeline(Readable.from(texts()), createWriteStream(path));
  const source = createInterface({ input: createReadStream(path) });
  const startedMs = performance.now();
  let [seen, sum, peakMib] = [0, 0, 0];
  for await (const number of parStream(source, (line) => Number.parseInt(line, 10), {
    lanes: setting('lanes', 2),
  })) {
    if (number !== seen) throw new Error(`line ${seen} came as ${number}`);
    seen += 1;
    sum += number;
    if (seen % 100_000 === 0) peakMib = Math.max(peakMib, process.memoryUsage.rss() / 2 ** 20);
  }
  if (seen !== lines || sum !== (lines * (lines - 1)) / 2) throw new Error(`${seen} lines, sum ${sum}`);
  report('lines through parStream', {
    lines,
    seconds: (performance.now() - startedMs) / 1_000,
    peakRssMib: Math.round(peakMib),
    heapLimitMib: Number(process.execArgv.join().match(/max-old-space-size=(\d+)/)?.[1] ?? 0),
  });
} finally {
  rmSync(folder, { recursive: true });
}
