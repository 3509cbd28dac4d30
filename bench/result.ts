/** What a run of the benchmark leaves: one JSON file, from which tables and plots are made. */

import type { Machine } from './machine.js';
import type { CodecName, ValueKind } from './measure/codecs.js';
import type { Rung } from './measure/ladder.js';
import type { Summary } from './stats.js';
import type { WorkloadName } from './workloads/index.js';

export const FORMAT = 1;

export type Mode = 'full' | 'quick' | 'tiny';

/** All times in ms, all sizes in MiB, unless a name says otherwise. */
export interface BenchResult {
  format: typeof FORMAT;
  date: string;
  mode: Mode;
  lanes: number;
  /** Rounds of the generator that were taken for 1 µs. */
  roundsPerUs: number;
  /** Of the generator, for an item of `FLOAT_NS`. */
  floatRounds: number;
  tookSeconds: number;
  machine: Machine;
  /** What could not be measured, and why. */
  failed: string[];
  sweep?: SweepCell[];
  defaults?: DefaultsRow[];
  ladder?: LadderRow[];
  contenders?: ContenderRow[];
  memory?: MemoryRow[];
  codecs?: CodecRow[];
}

export interface SweepCell {
  itemUs: number;
  heapMb: number;
  isolation: 'chunk' | 'lane';
  /** `serial` is a plain loop: isolation says nothing then. */
  chunk: number | 'all' | 'auto' | 'serial';
  items: number;
  /** Of the whole list. */
  ms: Summary;
  /** What is more than the work itself, spread over all lanes, in µs of wall time. */
  overheadUsPerItem: number;
  /** Unknown where the library chose and did not tell. */
  forks: number | null;
  rssMb: number;
  /** So many of the items were run; the time is extended in proportion. */
  ranItems?: number;
}

/** A list, and the options with which it was run. */
export interface DefaultsRow {
  list: string;
  label: string;
  ms: Summary;
}

export interface LadderRow {
  rung: Rung;
  heapMb: number;
  rssMb: number;
  ms: Summary;
}

export interface ContenderRow {
  workload: WorkloadName;
  label: string;
  kind: 'serial' | 'forkmap' | 'node' | 'other';
  /** Set-up and first run: what one pays who calls once. Of `cold`: from the start of the process. */
  cold: Summary;
  setup?: Summary;
  warm?: Summary;
  importing?: Summary;
  peakPssMb?: Summary;
}

export interface MemoryRow {
  label: string;
  lanes: number;
  peakPssMb: Summary;
  /** Of the one process, where it is one process: the serial loop. */
  peakRssMb: Summary;
  indexRssMb: Summary;
  ms: Summary;
}

export interface CodecRow {
  codec: CodecName;
  kind: ValueKind;
  values: number;
  bytes: number;
  /** What came back equals what was sent, -0 and prototypes included. */
  isExact: boolean;
  encodeUs: Summary;
  decodeUs: Summary;
  coldEncodeUs: Summary;
  coldDecodeUs: Summary;
}
