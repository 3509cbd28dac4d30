import crypto from 'node:crypto';
import timers from 'node:timers/promises';
import vm from 'node:vm';
import { forkMap, forkMapSync } from '@forkmap/core';
import { generatorFor } from '@forkmap/core/internal';
import { parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';

const CHILDREN = 200;
const { subtle } = globalThis.crypto;

const exported = async (key: crypto.webcrypto.CryptoKey) =>
  Buffer.from(await subtle.exportKey('raw', key)).toString('hex');

/** Every source of chance, drawn from several times. */
const SOURCES: Record<string, () => unknown> = {
  'Math.random': () => Math.random(),
  'crypto.randomUUID': () => crypto.randomUUID(),
  'crypto.randomUUID without its cache': () => crypto.randomUUID({ disableEntropyCache: true }),
  'crypto.randomInt': () => crypto.randomInt(2 ** 47),
  'crypto.randomBytes': () => crypto.randomBytes(16).toString('hex'),
  'crypto.randomFillSync': () => crypto.randomFillSync(new Uint8Array(16)).join(),
  'crypto.getRandomValues': () => globalThis.crypto.getRandomValues(new Uint8Array(16)).join(),
  'WebCrypto AES keys': async () =>
    await exported(await subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt'])),
  'WebCrypto HMAC keys': async () =>
    await exported(await subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign'])),
  'key pairs': () => {
    const { publicKey } = crypto.generateKeyPairSync('ed25519');
    return publicKey.export({ format: 'der', type: 'spki' }).toString('hex');
  },
};

const DRAWS = 3;
async function drawAll(): Promise<Record<string, unknown[]>> {
  const drawn: Record<string, unknown[]> = {};
  for (const [name, draw] of Object.entries(SOURCES)) {
    drawn[name] = [];
    for (let i = 0; i < DRAWS; i++) drawn[name].push(await draw());
  }
  return drawn;
}

describe(`no two of ${CHILDREN} children agree, nor does the origin with any of them`, () => {
  const draws = (async () => {
    // The origin's own caches are partly used up, as they are in a program that has run for a while.
    const before = await drawAll();
    const some = await parMap(new Uint8Array(CHILDREN - 4), drawAll, { chunk: 1 });
    const kept = await parMap([1, 2], drawAll, { chunk: 1, isolation: 'lane', lanes: 2 });
    return [before, ...some, ...kept, await forkMap(drawAll), await forkMap(drawAll), await drawAll()];
  })();

  it.each(Object.keys(SOURCES))('in %s', { timeout: 60_000 }, async (name) => {
    const drawn = (await draws).flatMap((child) => child[name]);
    expect(drawn.length).toBe((CHILDREN + 2) * DRAWS);
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it('in synchronous calls', () => {
    const drawn = Array.from({ length: 10 }, () =>
      forkMapSync(() => [Math.random(), crypto.randomUUID()]),
    ).flat();
    expect(new Set(drawn).size).toBe(20);
  });

  it('in a child of a child', () => {
    const pair = () => [Math.random(), crypto.randomUUID(), crypto.randomInt(2 ** 47)];
    const drawn = forkMapSync(() => [...forkMapSync(pair), ...forkMapSync(pair), ...pair()]);
    expect(new Set(drawn).size).toBe(9);
  });

  it('where nothing was drawn in the origin before', async () => {
    const fresh = vm.runInThisContext('Math.random');
    const drawn = await parMap(new Uint8Array(20), () => fresh(), { chunk: 1 });
    expect(new Set(drawn).size).toBe(20);
  });
});

describe('seed', () => {
  const items = Array.from({ length: 60 }, (_, i) => i);
  const draw = async (item: number) => {
    const first = Math.random();
    if (item % 3 === 0) await timers.setTimeout(item % 5);
    return [first, Math.random(), Math.random()];
  };
  const expected = items.map((item) => {
    const random = generatorFor('a seed', item);
    return [random(), random(), random()];
  });

  it.each([
    { chunk: 1, lanes: 2 },
    { chunk: 7, lanes: 1 },
    { chunk: 7, lanes: 3, isolation: 'lane' as const },
    { chunk: 60, concurrency: 1 },
    { chunk: 60, concurrency: 60 },
    { chunk: 'auto' as const },
    { engine: 'inline' as const },
  ])('gives the same numbers per item with %j', async (options) => {
    expect(await parMap(items, draw, { ...options, seed: 'a seed' })).toEqual(expected);
  });

  it('gives other numbers for another seed, a number among them', async () => {
    const [one, other, number, text] = await Promise.all(
      ['one', 'other', 1, '1'].map((seed) => parMap([0], () => Math.random(), { seed })),
    );
    expect(new Set([one, other, number, text].flat()).size).toBe(4);
  });

  it('leaves crypto as it is, and the origin too', async () => {
    const random = Math.random;
    const drawn = await Promise.all([1, 2].map(() => parMap([0], () => crypto.randomUUID(), { seed: 1 })));
    expect(drawn[0]).not.toEqual(drawn[1]);
    expect(Math.random).toBe(random);
  });

  it.each(['a seed', 7, -0.5])('draws by xoshiro128** as it is published, with the seed %j', (seed) => {
    for (const index of [0, 1, 4_000_000]) {
      const [random, published] = [generatorFor(seed, index), publishedFor(seed, index)];
      for (let i = 0; i < 20; i++) expect(random()).toBe(published());
    }
  });

  it('draws evenly from [0, 1), by a generator whose sequence is published', () => {
    const random = generatorFor(1, 0);
    const buckets = new Array(10).fill(0);
    for (let i = 0; i < 10_000; i++) buckets[Math.floor(random() * 10)] += 1;
    for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});

/**
 * The published algorithms, word by word, on numbers that never overflow. SOURCE: prng.di.unimi.it/xoshiro128starstar.c;
 * splitmix32 with the finalizer of MurmurHash3; draft-eastlake-fnv, FNV-1a of 32 bits.
 */
function publishedFor(seed: number | string, index: number): () => number {
  const word = (x: bigint) => x & 0xffff_ffffn;
  let hash = 0x811c9dc5n;
  for (const byte of Buffer.from(`${typeof seed}:${seed}:${index}`))
    hash = word((hash ^ BigInt(byte)) * 0x01000193n);
  const fill = () => {
    hash = word(hash + 0x9e3779b9n);
    let z = hash;
    z = word((z ^ (z >> 16n)) * 0x85ebca6bn);
    z = word((z ^ (z >> 13n)) * 0xc2b2ae35n);
    return z ^ (z >> 16n);
  };
  const rotl = (x: bigint, k: bigint) => word((x << k) | (x >> (32n - k)));
  const s = [fill(), fill(), fill(), fill()] as [bigint, bigint, bigint, bigint];
  const next = () => {
    const result = word(rotl(word(s[1] * 5n), 7n) * 9n);
    const t = word(s[1] << 9n);
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
    return result;
  };
  return () => Number(((next() >> 5n) << 26n) | (next() >> 6n)) / 2 ** 53;
}
