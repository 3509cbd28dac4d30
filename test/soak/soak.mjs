/**
 * Thousands of chunks of mixed fates, and whether each item came to what it should, exactly once, with nothing left.
 *   npm run soak [-- --chunks 20000 --seed 1]
 * The last line is what was found, as JSON; the exit code is 1 where anything was wrong.
 */
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parMap, sharedArray } from '@forkmap/pool';
import { startDriverThreads } from '@forkmap/pool/internal';
import { FATES, generator, ITEM_TIMEOUT_MS, MEMORY_LIMIT, planFates } from './fates.mjs';

const HANG_MS = 120_000;
const LANES = 2;
/** How far resident memory may rise: what the collector leaves for later, and far less than the results of a run. */
const RSS_SLACK_MIB = 48;
const CHUNKS_PER_CALL = { 1: 32, 7: 16, 512: 8 };
const MIX = [1, 7, 512].flatMap((chunk) =>
  ['chunk', 'lane'].flatMap((isolation) => [true, false].map((isAsync) => ({ chunk, isolation, isAsync }))),
);

const { values } = parseArgs({
  options: { chunks: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
});
const wanted = Number(values.chunks);
const random = generator(Number(values.seed));
const found = {
  chunks: 0,
  items: 0,
  hangs: 0,
  wrong: [],
  begunTwice: 0,
  unsettled: 0,
  unsent: 0,
  fates: {},
  perKind: {},
};

async function callOnce({ chunk, isolation, isAsync }) {
  const items = chunk * CHUNKS_PER_CALL[chunk];
  const fates = planFates(items, chunk, random);
  const begun = sharedArray(Int32Array, items);
  const meet = (item) => {
    Atomics.add(begun, item, 1);
    return FATES[fates[item]].meet(item);
  };
  const meetLater = async (item) => {
    await turn();
    return meet(item);
  };
  const call = parMap(
    Array.from({ length: items }, (_, item) => item),
    isAsync ? meetLater : meet,
    {
      ...{ chunk, isolation, concurrency: 1, lanes: LANES, settle: true, stdio: 'ignore' },
      ...{ itemTimeout: ITEM_TIMEOUT_MS, memoryLimit: MEMORY_LIMIT },
    },
  );
  const settled = await withinMs(HANG_MS, call);
  const kind = `${isAsync ? 'async' : 'sync'} ${chunk} ${isolation}`;
  if (!settled) {
    found.hangs += 1;
    throw new Error(`${kind}: not settled after ${HANG_MS} ms`);
  }
  found.chunks += CHUNKS_PER_CALL[chunk];
  found.items += items;
  found.perKind[kind] = (found.perKind[kind] ?? 0) + CHUNKS_PER_CALL[chunk];
  for (let item = 0; item < items; item++) check(kind, item, fates[item], settled[item], begun[item]);
}

/** What `promise` comes to, or undefined after so long. */
async function withinMs(ms, promise) {
  const answered = new AbortController();
  try {
    return await Promise.race([promise, sleep(ms, undefined, { ref: false, signal: answered.signal })]);
  } finally {
    // WHY: as long as it waits, the timer holds the race, and with it what it came to.
    answered.abort();
  }
}

function check(kind, item, fate, settled, begun) {
  found.fates[fate] = (found.fates[fate] ?? 0) + 1;
  if (begun > 1) found.begunTwice += 1;
  if (!settled) found.unsettled += 1;
  if (settled && FATES[fate].isRight(settled, item)) return;
  const { status, reason } = settled ?? {};
  // By the taxonomy: it had executed, and its child died (of another item) before the result was sent or noted.
  if (fate === 'ok' && begun === 1 && /had finished, but its result was lost at item/.test(reason?.message)) {
    found.unsent += 1;
    return;
  }
  found.wrong.push(
    `${kind}: item ${item} (${fate}): ${status} ${reason?.code ?? ''} ${reason?.message ?? ''}`,
  );
}

/** From `throw` in a child to the rejection, while another child loops for ever, in ms. */
async function timeRejection() {
  const thrower = (item) => {
    if (item === 0) for (;;);
    throw new Error(String(process.hrtime.bigint()));
  };
  const error = await parMap([0, 1], thrower, { chunk: 1, lanes: 2 }).catch((reason) => reason);
  return Number(process.hrtime.bigint() - BigInt(error.message)) / 1e6;
}

function holdings() {
  globalThis.gc?.();
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    children: readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean)
      .length,
    rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
  };
}

/** Resident MiB after each round. */
const rssMiBs = [];

async function runRound() {
  for (const kind of MIX) await callOnce(kind);
  const held = holdings();
  rssMiBs.push(held.rssMiB);
  return held;
}

/**
 * WHY the least of many rounds: after each, the collector and malloc keep what they please, some dozen MiB; what has
 * leaked is there after all of them.
 */
function leastRss() {
  const third = Math.ceil(rssMiBs.length / 3);
  return { early: Math.min(...rssMiBs.slice(0, third)), late: Math.min(...rssMiBs.slice(-third)) };
}

const startedMs = performance.now();
let tellDue = startedMs;
let before;
// WHY not left to the calls: they start when the process has become large, and hold descriptors from then on.
await startDriverThreads(LANES);
try {
  // WHY after the first round: driver threads, code and the heap are as large then as they will be.
  before = await runRound();
  do {
    const held = await runRound();
    if (performance.now() < tellDue) continue;
    tellDue = performance.now() + 10_000;
    process.stderr.write(`${found.chunks} chunks, ${found.wrong.length} wrong, ${JSON.stringify(held)}\n`);
  } while (found.chunks < wanted);
} catch (error) {
  found.wrong.push(String(error));
}
await sleep(200);
const after = holdings();
const rejections = [];
for (let i = 0; i < 25 && found.hangs === 0; i++) rejections.push(await timeRejection());
rejections.sort((a, b) => a - b);
const [median, longest] = [rejections[rejections.length >> 1], rejections.at(-1)];
const rssMiB = leastRss();
const isLevel =
  after.descriptors <= before?.descriptors &&
  after.children <= before?.children &&
  rssMiB.late <= rssMiB.early + RSS_SLACK_MIB;
console.log(
  JSON.stringify({
    ...found,
    wrong: found.wrong.slice(0, 20),
    wrongCount: found.wrong.length,
    ...{ before, after, rssMiB, isLevel, seconds: Math.round((performance.now() - startedMs) / 1000) },
    rejectionMs: { median, longest },
  }),
);
const isWell = isLevel && found.wrong.length + found.hangs + found.begunTwice + found.unsettled === 0;
process.exit(isWell ? 0 : 1);
