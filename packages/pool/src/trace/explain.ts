import type { CallTrace, ChunkTrace, SnapshotTrace } from '@forkmap/core';
import { partsOf } from '@forkmap/core/internal';
import { defaultLanes } from '../lanes.js';

/** Where the time of a call went, in ms. */
export interface Explanation {
  /** The verb and the name of the call. */
  call: string;
  items: number;
  lanes: number;
  /** From the call to its end. */
  totalMs: number;
  /** Once per call, before everything else: the fork of the caller's process, and the wait for it. */
  snapshotMs: number;
  /** Chunks that came back, whole or not. */
  chunks: number;
  forks: number;
  /** Children that died. */
  deaths: number;
  /** Bytes that children sent. */
  bytes: number;
  /** The least and the most items in a chunk. */
  chunkItems: [least: number, most: number];
  /** Sums that add up to the time that the lanes, or the CPUs, if these are more, had. `decode` is on the caller's thread. */
  lanesMs: {
    fork: number;
    work: number;
    encode: number;
    send: number;
    decode: number;
    /** Births and ends of children, and handing chunks to drivers and results back. */
    around: number;
    /** Lanes that had nothing to do, and CPUs that had no lane. */
    idle: number;
  };
  /** Items per chunk that would have been best, as far as could be seen. */
  bestChunk: number | undefined;
  /** What of the call's options was of no use, a sentence each. */
  notes: string[];
  /** All of this, to be read by people. */
  text: string;
}

/** What the call itself knows. */
interface Seen {
  /** See `Pacer.best`. */
  bestChunk: number | undefined;
  /** The option, where it was given and no item was a promise. */
  unusedConcurrency: number | undefined;
}

type Sums = Explanation['lanesMs'];

/** Adds up what the chunks of one call took. */
export class Explainer {
  readonly #sums: Sums = { fork: 0, work: 0, encode: 0, send: 0, decode: 0, around: 0, idle: 0 };
  #busyMs = 0;
  #snapshotMs = 0;
  #readyAt: number | undefined;
  #chunks = 0;
  #forks = 0;
  #deaths = 0;
  #bytes = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;

  snapshot({ timings }: SnapshotTrace): void {
    this.#readyAt = timings.forkedAt + timings.forkMs;
    this.#snapshotMs = this.#readyAt - timings.askedAt;
  }

  chunk({ start, end, pid, bytes, error, timings }: ChunkTrace): void {
    const { askedAt, settledAt, decodeMs } = timings;
    const { forkMs, workMs, encodeMs, sendMs } = partsOf(timings);
    const sums = this.#sums;
    const wholeMs = Math.max(0, settledAt - askedAt);
    this.#chunks += 1;
    this.#bytes += bytes;
    if (pid > 0 && timings.forkMs > 0) this.#forks += 1;
    if (pid > 0 && error !== undefined) this.#deaths += 1;
    this.#least = Math.min(this.#least, end - start);
    this.#most = Math.max(this.#most, end - start);
    this.#busyMs += wholeMs;
    sums.fork += forkMs;
    sums.work += workMs;
    sums.encode += encodeMs;
    sums.send += sendMs;
    sums.decode += decodeMs;
    sums.around += Math.max(0, wholeMs - forkMs - workMs - encodeMs - sendMs - decodeMs);
  }

  explain(call: CallTrace, { bestChunk, unusedConcurrency: concurrency }: Seen): Explanation {
    const { verb, name, items, lanes, startedAt } = call;
    const endedAt = call.endedAt ?? performance.now();
    const lanesHadMs = Math.max(lanes, defaultLanes()) * (endedAt - (this.#readyAt ?? endedAt));
    const explanation: Explanation = {
      call: name === undefined ? verb : `${verb} '${name}'`,
      items,
      lanes,
      totalMs: endedAt - startedAt,
      snapshotMs: this.#snapshotMs,
      chunks: this.#chunks,
      forks: this.#forks,
      deaths: this.#deaths,
      bytes: this.#bytes,
      chunkItems: [Math.min(this.#least, this.#most), this.#most],
      lanesMs: { ...this.#sums, idle: Math.max(0, lanesHadMs - this.#busyMs) },
      bestChunk,
      notes: concurrency === undefined || this.#chunks === 0 ? [] : [noteOn(concurrency)],
      text: '',
    };
    explanation.text = textOf(explanation);
    return explanation;
  }
}

/** Tells whom the option says. */
export function tellExplanation(
  to: boolean | ((explanation: Explanation) => void),
  explanation: Explanation,
): void {
  if (typeof to === 'function') to(explanation);
  else process.stderr.write(explanation.text);
}

const WHAT: Readonly<Record<keyof Sums, string>> = {
  fork: '',
  work: 'the function itself',
  encode: '',
  send: '',
  decode: "on the caller's thread",
  around: "children's births and ends, driver threads",
  idle: 'lanes with nothing to do, CPUs without a lane',
};

function textOf(explanation: Explanation): string {
  const { call, items, lanes, totalMs, snapshotMs, lanesMs } = explanation;
  const parts = Object.entries(lanesMs) as [keyof Sums, number][];
  const allMs = parts.reduce((sum, [, value]) => sum + value, 0);
  const lines = [
    `${call}: ${plural(items, 'item')} in ${ms(totalMs)} on ${plural(lanes, 'lane')}; ${chunksOf(explanation)}`,
    `  snapshot ${ms(snapshotMs).padStart(12)}         once, before the first chunk`,
    `  the lanes' time, ${ms(allMs)} in all:`,
    ...parts.map(([name, value]) => lineOf(name, value, allMs)),
    `  ${adviceOn(explanation)}`,
    ...explanation.notes.map((note) => `  ${note}`),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function lineOf(name: keyof Sums, value: number, allMs: number): string {
  const share = allMs === 0 ? 0 : (value / allMs) * 100;
  return `  ${name.padEnd(8)} ${ms(value).padStart(12)} ${`${share.toFixed(0)}%`.padStart(6)}  ${WHAT[name]}`;
}

function chunksOf({ chunks, forks, deaths, chunkItems: [least, most], bytes }: Explanation): string {
  const size = least === most ? `${most}` : `${least} to ${most}`;
  const died = deaths === 0 ? '' : `, ${plural(deaths, 'death')}`;
  return `${plural(chunks, 'chunk')} of ${size}, ${plural(forks, 'fork')}${died}, ${plural(bytes, 'byte')} sent`;
}

function noteOn(concurrency: number): string {
  return `concurrency: ${concurrency} was of no use: the function is synchronous, and a child runs one such item at a time`;
}

function adviceOn({ bestChunk }: Explanation): string {
  if (bestChunk === undefined) return 'the best chunk is not known: no chunk came back whole';
  return `best chunk, as far as this call could tell: ${bestChunk}`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}

function plural(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
