import { AsyncLocalStorage } from 'node:async_hooks';
import type { ChildWork } from '../work.js';

type Generator = () => number;

/** `invoke`, with a generator per item where the work has a seed. */
export function seeded(work: ChildWork, invoke: ChildWork['invoke']): ChildWork['invoke'] {
  const { seed, firstIndex = 0, places } = work;
  const placeOf = places ? (index: number) => places[index] as number : (index: number) => firstIndex + index;
  return seed === undefined ? invoke : seedPerItem(seed, invoke, placeOf);
}

/**
 * Makes `Math.random` in `invoke` draw from a generator of the item's own: the same numbers per item, whatever child
 * runs it and whatever ran before. What runs outside any item draws from a generator for the index -1.
 */
function seedPerItem(
  seed: number | string,
  invoke: (index: number) => unknown,
  placeOf: (index: number) => number,
): (index: number) => unknown {
  const generators = new AsyncLocalStorage<Generator>();
  const outside = generatorFor(seed, -1);
  Math.random = () => (generators.getStore() ?? outside)();
  return (index) => generators.run(generatorFor(seed, placeOf(index)), () => invoke(index));
}

/**
 * xoshiro128** of Blackman and Vigna ("Scrambled linear pseudorandom number generators", 2018), its state filled by
 * splitmix32 from a 32-bit FNV-1a hash of the seed and the index. Two draws make the 53 bits of a number in [0, 1).
 */
export function generatorFor(seed: number | string, index: number): Generator {
  let mixer = fnv1a(`${typeof seed}:${seed}:${index}`);
  const fill = () => {
    mixer = (mixer + 0x9e3779b9) | 0;
    let z = mixer;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
  let [a, b, c, d] = [fill(), fill(), fill(), fill()];
  const draw = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result >>> 0;
  };
  return () => ((draw() >>> 5) * 2 ** 26 + (draw() >>> 6)) / 2 ** 53;
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
