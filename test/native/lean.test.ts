/** A snapshot that many children are forked from: its memory is in a file, and is each child's own all the same. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Serializer } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';

expectNoLeaks(() => warmPool(2));

/** With a chunk each, and two lanes, enough. */
const ITEMS = Array.from({ length: 80 }, (_, item) => item);
const MANY = { chunk: 1, lanes: 2 } as const;

const mapped = (pid: number | 'self') =>
  readFileSync(`/proc/${pid}/maps`, 'utf8').match(/memfd:forkmap/g) ?? [];

describe('a call of many chunks', () => {
  it('moves the memory of its snapshot to a file, which its children have mapped', async () => {
    const seen = await parMap(ITEMS, () => [mapped('self').length, mapped(process.ppid).length], MANY);
    for (const [own = 0, lanes = 0] of seen) {
      expect(own).toBeGreaterThan(10);
      expect(lanes).toBeGreaterThan(10);
    }
    expect(mapped('self')).toHaveLength(0);
  });

  it('leaves no descriptor of it in a child', async () => {
    const opened = await parMap(
      ITEMS,
      () =>
        readdirSync('/proc/self/fd').flatMap((fd) => {
          try {
            return [readlinkSync(`/proc/self/fd/${fd}`)];
          } catch {
            return []; // the directory's own
          }
        }),
      MANY,
    );
    expect(opened.flat().filter((name) => name.includes('memfd') || name.includes('/proc/'))).toEqual([]);
  });

  it('moves nothing where memory is limited, or where a child is kept', async () => {
    const count = () => mapped('self').length;
    expect(new Set(await parMap(ITEMS, count, { ...MANY, memoryLimit: 2 ** 30 }))).toEqual(new Set([0]));
    expect(new Set(await parMap(ITEMS, count, { ...MANY, isolation: 'lane' }))).toEqual(new Set([0]));
  });

  it('gives each child the world as it was at the call, and memory of its own', async () => {
    const world = {
      map: new Map(Array.from({ length: 2_000 }, (_, i) => [`key ${i}`, { id: i, tags: [i, `${i}`] }])),
      floats: Float64Array.from({ length: 100_000 }, (_, i) => i / 3),
      bytes: Buffer.alloc(1_000_000, 'forkmap'),
      changes: 0,
    };
    const sumOf = ({ map, floats, bytes }: typeof world) => {
      let sum = floats.reduce((total, float) => total + float, 0);
      for (const [key, { id, tags }] of map) sum += key.length + id + tags.length;
      return sum + bytes.readUInt32LE(999_996);
    };
    const expected = sumOf(world);
    const call = parMap(
      ITEMS,
      (item) => {
        const before = sumOf(world);
        world.changes += 1;
        world.floats.fill(item);
        world.bytes.fill(item);
        for (let i = 0; i < 2_000; i++) world.map.set(`key ${i}`, { id: item, tags: [] });
        return [before, world.changes, world.floats[99_999], world.map.get('key 1999')?.id];
      },
      MANY,
    );
    await new Promise(setImmediate); // the snapshot is taken in the loop's next turn
    await new Promise(setImmediate);
    world.floats.fill(-1);
    expect(await call).toEqual(ITEMS.map((item) => [expected, 1, item, item]));
  });

  it('has children that collect garbage, grow and compile', async () => {
    const results = await parMap(
      ITEMS,
      (item) => {
        let kept: { at: number; text: string }[] = [];
        for (let i = 0; i < 50_000; i++) {
          kept.push({ at: i, text: `text ${i % 97}` });
          if (kept.length > 20_000) kept = kept.slice(-100);
        }
        return [item, kept.at(-1)?.at];
      },
      MANY,
    );
    expect(results).toEqual(ITEMS.map((item) => [item, 49_999]));
  });

  it('has children that start threads and processes', async () => {
    const meet = async (item: number) => {
      const threaded = await new Promise<number>((resolve, reject) => {
        const code = 'require("node:worker_threads").parentPort.postMessage(42)';
        new Worker(code, { eval: true }).once('message', resolve).once('error', reject);
      });
      return [threaded, spawnSync('echo', [`${item}`], { encoding: 'utf8' }).stdout];
    };
    const results = await parMap(ITEMS, async (item) => (item % 20 === 0 ? meet(item) : item), MANY);
    expect(results).toEqual(ITEMS.map((item) => (item % 20 === 0 ? [42, `${item}\n`] : item)));
  });

  it('has children whose buffers shrink to nothing, and are zero when they grow again', async () => {
    const Resizable = ArrayBuffer as unknown as new (
      bytes: number,
      options: object,
    ) => ArrayBuffer & {
      resize(bytes: number): void;
    };
    const buffers = [1, 4, 16].map((mib) => new Resizable(mib << 20, { maxByteLength: mib << 20 }));
    for (const buffer of buffers) new Uint8Array(buffer).fill(7);
    const left = await parMap(
      ITEMS,
      () => {
        for (const buffer of buffers) {
          const bytes = buffer.byteLength;
          buffer.resize(0);
          buffer.resize(bytes);
        }
        return buffers.some((buffer) => Buffer.from(buffer).includes(7));
      },
      MANY,
    );
    expect(new Set(left)).toEqual(new Set([false]));
  });

  it('has children in which what native code has allocated grows', async () => {
    const serializer = new Serializer();
    serializer.writeRawBytes(Buffer.alloc(8 << 20, 1));
    const more = Buffer.alloc(128 << 20, 2);
    const lengths = await parMap(
      ITEMS.slice(0, 66),
      (item) => {
        if (item % 32 !== 0) return 0;
        serializer.writeRawBytes(more);
        const bytes = serializer.releaseBuffer();
        return bytes.at(-1) === 2 ? bytes.length : -1;
      },
      MANY,
    );
    expect(new Set(lengths)).toEqual(new Set([0, 136 << 20]));
  });

  it('has children that fork for themselves', async () => {
    const { forkMapSync } = await import('@forkmap/core');
    const results = await parMap(ITEMS, (item) => forkMapSync(() => item * 2), MANY);
    expect(results).toEqual(ITEMS.map((item) => item * 2));
  });
});
