import { checkSample, scaled, type Workload } from './workload.js';

export interface Entry {
  next: string;
  weights: number[];
}
export type Index = Map<string, Entry>;

const ENTRIES = 200_000;
const LOOKUPS = 20_000;
const HOPS = 10;

const keyOf = (i: number) => `entry-${i.toString(36)}`;

/** A map of keys to records that name another key each. */
export function makeIndex(entries: number): Index {
  const index: Index = new Map();
  for (let i = 0; i < entries; i++) {
    index.set(keyOf(i), { next: keyOf((i * 48271 + 11) % entries), weights: [i % 7, i % 11, i % 13, i / 2] });
  }
  return index;
}

export function keysOf(lookups: number, entries: number): string[] {
  return Array.from({ length: lookups }, (_, i) => keyOf((i * 7919) % entries));
}

/** Follows the keys through the index and sums up what it meets. */
export function followKeys(first: string, index: Index, hops = HOPS): number {
  let sum = 0;
  let key = first;
  for (let hop = 0; hop < hops; hop++) {
    const entry = index.get(key) as Entry;
    for (const weight of entry.weights) sum += weight;
    key = entry.next;
  }
  return sum;
}

export const bigIndex: Workload<string, number, Index> = {
  title: 'Big shared index',
  note: `a Map of ${ENTRIES.toLocaleString('en')} entries; ${LOOKUPS.toLocaleString('en')} look-ups of ${HOPS} hops`,
  batchItems: 1000,
  makeContext: (scale) => makeIndex(scaled(ENTRIES, scale)),
  makeItems: (scale) => keysOf(scaled(LOOKUPS, scale), scaled(ENTRIES, scale)),
  apply: (key, index) => followKeys(key, index),
  check: (results, items, index) => {
    checkSample(results, items.length, (i) => followKeys(items[i] as string, index), items.length);
  },
};
