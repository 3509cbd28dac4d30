/** Fates of items by a seeded plan, and whether an item came to what it was to come to. */
import process from 'node:process';

export const ITEM_TIMEOUT_MS = 2_000 * Number(process.env.FORKMAP_TIMEOUT_SCALE ?? 1);
/**
 * WHY so much: V8 lets up to 140 MiB of garbage be in a kept child that has big results (SOURCE: smaps of Node 24 and
 * 26). That counts, and a child that is close to its limit may come over it at any item.
 */
export const MEMORY_LIMIT = 256 * 2 ** 20;
const BIG = 5 * 2 ** 20;

/** @typedef {{ weight: number, meet: (item: number) => unknown, isRight: (settled: any, item: number) => boolean }} Fate */

const code =
  (/** @type {string} */ expected, fields = {}) =>
  (/** @type {any} */ settled, item = 0) =>
    settled.status === 'rejected' &&
    settled.reason.code === expected &&
    settled.reason.index === item &&
    Object.entries(fields).every(([name, value]) => settled.reason[name] === value);

const kill = (/** @type {NodeJS.Signals} */ signal) => ({
  weight: 4,
  meet: () => process.kill(process.pid, signal),
  isRight: code('ERR_FORKMAP_KILLED', { signal }),
});

/** @type {Record<string, Fate>} */
export const FATES = {
  ok: {
    weight: 44,
    meet: (item) => ({ item, text: `item ${item}` }),
    isRight: ({ value }, item) => value?.item === item && value.text === `item ${item}`,
  },
  throw: {
    weight: 4,
    meet: (item) => {
      throw new RangeError(`item ${item}`);
    },
    isRight: ({ reason }, item) => reason instanceof RangeError && reason.message === `item ${item}`,
  },
  exit: {
    weight: 4,
    meet: () => process.exit(3),
    isRight: code('ERR_FORKMAP_EXITED', { exitCode: 3 }),
  },
  SIGKILL: kill('SIGKILL'),
  SIGSEGV: kill('SIGSEGV'),
  abort: { ...kill('SIGABRT'), meet: () => process.abort() },
  loop: {
    weight: 1,
    meet: () => {
      for (;;);
    },
    isRight: code('ERR_FORKMAP_TIMEOUT'),
  },
  unserializable: {
    weight: 4,
    meet: () => ({ no: () => 1 }),
    isRight: code('ERR_FORKMAP_SERIALIZE'),
  },
  memory: {
    weight: 1,
    meet: () => {
      const taken = [];
      for (let i = 0; i < 1024; i++) taken.push(Buffer.alloc(2 ** 20, 1));
      return taken.length;
    },
    isRight: code('ERR_FORKMAP_MEMORY_LIMIT'),
  },
  big: {
    weight: 2,
    meet: (item) => String.fromCharCode(97 + (item % 26)).repeat(BIG),
    isRight: ({ value }, item) => value?.length === BIG && value.charCodeAt(BIG - 1) === 97 + (item % 26),
  },
};

const NAMES = Object.keys(FATES);
const DRAWN = NAMES.flatMap((name, index) => Array(FATES[name]?.weight).fill(index));

/** SOURCE: mulberry32. @param {number} seed @returns {(below: number) => number} */
export function generator(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** One fate per chunk, at a random item of it; the others are well. @param {(below: number) => number} random */
export function planFates(items, chunk, random) {
  const fates = new Array(items).fill('ok');
  for (let start = 0; start < items; start += chunk) {
    const at = start + random(Math.min(chunk, items - start));
    fates[at] = NAMES[DRAWN[random(DRAWN.length)]];
  }
  return fates;
}
