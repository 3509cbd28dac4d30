import { residentBytes } from '../engine/fork/resident-bytes.js';
import type { Sortable } from './sort-list.js';

const SAMPLES = 12;
const SAMPLE_ITEMS = 64;
/** Below this many items a fork takes longer than the sort, unless comparing is very slow; nothing is tried then. */
const MIN_ITEMS = 1_000;
/** What a call costs before any work: snapshot, two forks, results. Grows with the memory to be forked. */
const CALL_MS = 12;
const FORK_MS_PER_MIB = 0.06;
const MS_PER_SENT_MIB = 2;
/** To look at each item once more, in another order than that in which they lie in memory. */
const MOVE_NS_PER_ITEM = 25;
/** At the least: neighbours in order are the ones that take longest to tell apart. */
const MERGE_NS_PER_ITEM = 150;
/** A sort goes to the children where it is thought to take at most this share of the time. */
const WORTH_IT = 0.8;

/** Whether children are thought to sort the list faster than this thread can; from how long a few samples take. */
export function isWorthForking(list: Sortable, lanes: number): boolean {
  if (list.length < MIN_ITEMS || lanes < 2) return false;
  const levelMs = list.length * msPerItem(list);
  const serialMs = levelMs * depthOf(list.length);
  // A level of the sort for each halving of a run, and one for each doubling of the runs that are merged.
  const perLaneMs = (levelMs / lanes) * (depthOf(Math.ceil(list.length / lanes)) + Math.log2(lanes));
  const movingMs =
    ((list.length * list.bytesPerItem) / 2 ** 20) * MS_PER_SENT_MIB + (list.length * MOVE_NS_PER_ITEM) / 1e6;
  return 2 * forkMs() + perLaneMs + movingMs < serialMs * WORTH_IT;
}

/** Whether children, forked once more, are thought to merge the runs faster than this thread can. */
export function isMergeWorthForking({ length }: Sortable, runs: number, lanes: number): boolean {
  const mergeMs = (length * Math.ceil(Math.log2(runs)) * MERGE_NS_PER_ITEM) / 1e6;
  return lanes > 1 && forkMs() + mergeMs / lanes < mergeMs * WORTH_IT;
}

function forkMs(): number {
  return CALL_MS + (residentBytes() / 2 ** 20) * FORK_MS_PER_MIB;
}

function depthOf(items: number): number {
  return Math.log2(Math.max(2, items));
}

/** Of one level of the sort: what neighbours take to be put in order, by the number of their levels. */
function msPerItem(list: Sortable): number {
  const stride = Math.floor((list.length - SAMPLE_ITEMS) / SAMPLES);
  const times: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const start = sample * stride;
    const beganMs = performance.now();
    list.sortSample(start, start + SAMPLE_ITEMS);
    times.push(performance.now() - beganMs);
  }
  // WHY a low one: the first ones run cold, and any may be interrupted.
  times.sort((left, right) => left - right);
  const typical = times[Math.floor(SAMPLES / 4)] as number;
  return typical / (SAMPLE_ITEMS * depthOf(SAMPLE_ITEMS));
}
