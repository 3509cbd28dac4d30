/** One rung of the ladder: the same nothing, done in ever more ways, from a process of a known size. */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadNative } from '@forkmap/native';
import { forkMap, forkMapSync, parMap } from '@forkmap/pool';
import { growHeap } from '../ballast.js';
import { describeMappings } from './mappings.js';

export type Rung =
  | 'direct'
  | 'floor'
  | 'bare'
  | 'sync'
  | 'async'
  | 'one-item'
  | 'one-chunk'
  | 'next-chunk'
  | 'many-chunks';

export interface LadderRequest {
  measure: 'ladder';
  rung: Rung;
  heapMb: number;
  times: number;
  /** The compiled C program, for `floor`. */
  floor: string;
}

export interface LadderAnswer {
  ms: number[];
  rssMb: number;
}

const CHUNK_ITEMS = 512;
/** A call of few chunks, and one of many, whose snapshot is made lean: so many more than the call it is compared with. */
const FEW = { least: 1, more: 8 };
const MANY = { least: 36, more: 72 };
const one = () => 1;
const list = Array.from({ length: CHUNK_ITEMS }, (_, i) => i);

export async function measure({ rung, heapMb, times, floor }: LadderRequest): Promise<LadderAnswer> {
  const rssMb = growHeap(heapMb);
  if (rung === 'floor') return forksOfFloor(floor, times);
  const ms: number[] = [];
  for (let i = -1; i < times; i++) {
    const tookMs = await rungs[rung]();
    if (i >= 0) ms.push(tookMs); // WHY not the first: it starts threads and compiles.
  }
  return { ms, rssMb };
}

const rungs: Record<Exclude<Rung, 'floor'>, () => number | Promise<number>> = {
  direct: () => timed(() => expectOne(one())),
  bare: () => (loadNative() as unknown as { bareFork(): number }).bareFork(),
  sync: () => timed(() => expectOne(forkMapSync(one))),
  async: () => timed(async () => expectOne(await forkMap(one))),
  'one-item': () => timed(async () => expectOne((await parMap([1], (x) => x, { lanes: 1 }))[0])),
  'one-chunk': () => timed(() => mapChunks(1)),
  'next-chunk': () => furtherChunk(FEW),
  'many-chunks': () => furtherChunk(MANY),
};

/** What each further chunk adds: children that do nothing but end, one after the other. */
async function furtherChunk({ least, more }: typeof FEW): Promise<number> {
  const leastMs = await timed(() => mapChunks(least, 1));
  const allMs = await timed(() => mapChunks(least + more, 1));
  return (allMs - leastMs) / more;
}

async function mapChunks(chunks: number, chunk = CHUNK_ITEMS): Promise<void> {
  const items = list.slice(0, chunks * chunk);
  const results = await parMap(items, (x) => x, { lanes: 1, chunk });
  if (results.length !== items.length || results.at(-1) !== items.at(-1)) throw new Error('wrong results');
}

async function timed(act: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await act();
  return performance.now() - startedMs;
}

function expectOne(value: unknown): void {
  if (value !== 1) throw new Error(`expected 1, received ${value}`);
}

/** A C program that maps what this process has mapped, fills what is resident here, and forks as often. */
function forksOfFloor(program: string, times: number): LadderAnswer {
  const plan = join(tmpdir(), `forkmap-floor-${process.pid}`);
  writeFileSync(plan, describeMappings());
  const { stdout, stderr, status } = spawnSync(program, [plan, String(times)], { encoding: 'utf8' });
  rmSync(plan);
  if (status !== 0) throw new Error(`floor: ${stderr}`);
  const [rssKiB = 0, ...ms] = stdout.trim().split('\n').map(Number);
  return { ms, rssMb: Math.round(rssKiB / 1024) };
}
