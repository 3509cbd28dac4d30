import { spin } from '../spin.js';
import { expectSame, type Scale, scaled, type Workload } from './workload.js';

interface Context {
  /** Where contenders that share memory write; the others send their part back. */
  out: Float64Array | undefined;
  count: number;
  blockFloats: number;
  rounds: number;
}

const FLOATS = 10_000_000;
const BLOCKS = 100;
export const FLOAT_NS = 20;

const floatOf = (i: number, rounds: number) => spin(i, rounds) / 3;

function makeContext(scale: Scale): Context {
  const blockFloats = Math.ceil(scaled(FLOATS, scale) / BLOCKS);
  const count = blockFloats * BLOCKS;
  return { out: scale.doubles?.(count), count, blockFloats, rounds: scale.floatRounds };
}

/** One item is a block of floats: what a careful user would write. */
function fillBlock(block: number, { out, blockFloats, rounds }: Context): Float64Array | undefined {
  const start = block * blockFloats;
  const part = out?.subarray(start, start + blockFloats) ?? new Float64Array(blockFloats);
  for (let i = 0; i < blockFloats; i++) part[i] = floatOf(start + i, rounds);
  return out ? undefined : part;
}

/** Compares a sample, and clears what is shared: the next run must write again what is checked. */
function checkFloats(floatAt: (i: number) => number | undefined, { out, count, rounds }: Context): void {
  for (let i = 0; i < count; i += 997) expectSame('float', i, floatAt(i), floatOf(i, rounds));
  out?.fill(0);
}

export const floats: Workload<number, Float64Array | undefined, Context> = {
  title: 'Floats by blocks',
  note: `a Float64Array of ${FLOATS.toLocaleString('en')}, ${FLOAT_NS} ns of work each, in ${BLOCKS} blocks`,
  batchItems: 1,
  makeContext,
  makeItems: () => Array.from({ length: BLOCKS }, (_, i) => i),
  apply: fillBlock,
  check: (results, _items, context) => {
    const { out, blockFloats } = context;
    expectSame('number of results', 0, results.length, BLOCKS);
    checkFloats((i) => (out ? out[i] : results[Math.floor(i / blockFloats)]?.[i % blockFloats]), context);
  },
};

export const eachFloat: Workload<number, void, Context> = {
  title: 'Floats one by one',
  note: `the same, with each of the ${FLOATS.toLocaleString('en')} floats an item of its own`,
  batchItems: 100_000,
  makeContext,
  makeItems: (scale) =>
    Array.from({ length: makeContext({ ...scale, doubles: undefined }).count }, (_, i) => i),
  apply: (i, { out, rounds }) => {
    (out as Float64Array)[i] = floatOf(i, rounds);
  },
  check: (_results, _items, context) => checkFloats((i) => context.out?.[i], context),
};
