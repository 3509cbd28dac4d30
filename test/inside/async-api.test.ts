import { AsyncLocalStorage } from 'node:async_hooks';
import crypto from 'node:crypto';
import dns from 'node:dns';
import events from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import stream from 'node:stream';
import { pipeline } from 'node:stream/promises';
import timers from 'node:timers/promises';
import { promisify } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addOneInWasm } from './wasm.js';
import { WAYS } from './ways.js';

let dir: string;
beforeAll(() => {
  dir = fs.mkdtempSync(join(tmpdir(), 'forkmap-inside-'));
});
afterAll(() => fs.rmSync(dir, { recursive: true }));

describe.each(WAYS)('in a child of %s', (_way, inside) => {
  it('timers, immediates, ticks and microtasks run in their order', async () => {
    const order = () =>
      new Promise((resolve) => {
        const seen: string[] = [];
        const timer = setTimeout(() => resolve([...seen, 'timeout', timer.hasRef()]), 5);
        setImmediate(() => seen.push('immediate'));
        process.nextTick(() => seen.push('tick'));
        queueMicrotask(() => seen.push('microtask'));
        clearTimeout(setTimeout(() => seen.push('cleared'), 1));
      });
    // In a microtask, the queue of microtasks comes first.
    expect(new Set((await inside(order)) as string[])).toEqual(
      new Set(['tick', 'microtask', 'immediate', 'timeout', true]),
    );
  });

  it('an interval goes on until it is cleared', async () => {
    const count = () =>
      new Promise<number>((resolve) => {
        let ticks = 0;
        const interval = setInterval(() => {
          if (++ticks < 5) return;
          clearInterval(interval);
          resolve(ticks);
        }, 1);
      });
    expect(await inside(count)).toBe(5);
  });

  it('timers/promises keep time', async () => {
    const elapsed = await inside(async () => {
      const before = performance.now();
      await timers.setTimeout(30);
      await timers.setImmediate();
      let ticks = 0;
      for await (const _ of timers.setInterval(2)) if (++ticks === 3) break;
      return performance.now() - before;
    });
    expect(elapsed).toBeGreaterThan(34);
  });

  it('AbortSignal.timeout fires', async () => {
    const wait = async () =>
      await timers
        .setTimeout(60_000, 'late', { signal: AbortSignal.timeout(5) })
        .catch((error) => error.name);
    expect(await inside(wait)).toBe('AbortError');
  });

  it('fs.promises write, read and stat', async () => {
    const file = join(dir, 'written');
    const size = await inside(async () => {
      await fs.promises.writeFile(file, 'x'.repeat(1 << 20));
      const handle = await fs.promises.open(file);
      const { size } = await handle.stat();
      await handle.close();
      return size + (await fs.promises.readFile(file)).length;
    });
    expect(size).toBe(2 << 20);
    expect(fs.statSync(file).size).toBe(1 << 20);
  });

  it('fs.watch and fs.promises.watch see what happens after the fork', async () => {
    const file = join(dir, 'watched');
    const type = await inside(async () => {
      fs.writeFileSync(file, '');
      const watcher = fs.watch(file);
      setImmediate(() => fs.writeFileSync(file, 'changed'));
      const [eventType] = await events.once(watcher, 'change');
      watcher.close();
      return eventType;
    });
    expect(type).toBe('change');
  });

  it('streams flow through a pipeline to a file', async () => {
    const [from, to] = [join(dir, 'from'), join(dir, 'to.gz')];
    fs.writeFileSync(from, 'line\n'.repeat(200_000));
    await inside(() => pipeline(fs.createReadStream(from), zlib.createGzip(), fs.createWriteStream(to)));
    expect(zlib.gunzipSync(fs.readFileSync(to)).length).toBe(1_000_000);
  });

  it('a web stream is read', async () => {
    const chunks = async () =>
      `${await stream.Readable.fromWeb(new ReadableStream(source()) as never).toArray()}`;
    const source = () => ({
      start(controller: ReadableStreamDefaultController) {
        controller.enqueue('a');
        controller.close();
      },
    });
    expect(await inside(chunks)).toBe('a');
  });

  it('zlib works off the thread', async () => {
    const round = async () => {
      const packed = await promisify(zlib.deflate)(Buffer.alloc(1 << 20, 'abc'));
      const brotli = await promisify(zlib.brotliCompress)('text');
      const text = await promisify(zlib.brotliDecompress)(brotli);
      return [(await promisify(zlib.inflate)(packed)).length, text.toString()];
    };
    expect(await inside(round)).toEqual([1 << 20, 'text']);
  });

  it('crypto works off the thread', async () => {
    const derived = await inside(async () => {
      const random = await promisify(crypto.randomBytes)(16);
      const key = await promisify(crypto.pbkdf2)('secret', 'salt', 1_000, 16, 'sha256');
      const scrypted = (await promisify(crypto.scrypt)('secret', 'salt', 16)) as Buffer;
      const pair = await promisify(crypto.generateKeyPair)('ec', { namedCurve: 'P-256' });
      const int = await promisify<number, number, number>(crypto.randomInt)(5, 6);
      return [random.length, key.toString('hex'), scrypted.toString('hex'), pair.privateKey.type, int];
    });
    const key = crypto.pbkdf2Sync('secret', 'salt', 1_000, 16, 'sha256').toString('hex');
    const scrypted = crypto.scryptSync('secret', 'salt', 16).toString('hex');
    expect(derived).toEqual([16, key, scrypted, 'private', 5]);
  });

  it('WebCrypto digests, generates, signs, encrypts', async () => {
    const results = await inside(async () => {
      const { subtle } = globalThis.crypto;
      const digest = Buffer.from(await subtle.digest('SHA-256', Buffer.from('text'))).toString('hex');
      const hmac = await subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
      const signature = await subtle.sign('HMAC', hmac, Buffer.from('text'));
      const aes = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt', 'decrypt']);
      const iv = globalThis.crypto.getRandomValues(new Uint8Array(12));
      const secret = await subtle.encrypt({ name: 'AES-GCM', iv }, aes, Buffer.from('text'));
      const plain = Buffer.from(await subtle.decrypt({ name: 'AES-GCM', iv }, aes, secret)).toString();
      return [digest, await subtle.verify('HMAC', hmac, signature, Buffer.from('text')), plain];
    });
    expect(results).toEqual([crypto.createHash('sha256').update('text').digest('hex'), true, 'text']);
  });

  it('dns.lookup resolves', async () => {
    expect((await inside(() => dns.promises.lookup('localhost', { family: 4 }))).address).toBe('127.0.0.1');
    expect(await inside(() => promisify(dns.lookup)('127.0.0.1'))).toEqual({
      address: '127.0.0.1',
      family: 4,
    });
  });

  it('WebAssembly compiles and runs, at once and off the thread', async () => {
    const results = await inside(async () => {
      const now = new WebAssembly.Instance(new WebAssembly.Module(addOneInWasm));
      const later = await WebAssembly.instantiate(addOneInWasm);
      const compiled = await WebAssembly.instantiate(await WebAssembly.compile(addOneInWasm));
      return [now, later.instance, compiled].map((made) =>
        (made.exports.addOne as (x: number) => number)(41),
      );
    });
    expect(results).toEqual([42, 42, 42]);
  });

  it("AsyncLocalStorage shows the caller's store, and keeps the child's own", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen = await storage.run('of the caller', () =>
      inside(async () => {
        const before = storage.getStore();
        await timers.setTimeout(1);
        const after = storage.getStore();
        const own = await storage.run('own', async () => {
          await timers.setImmediate();
          return storage.getStore();
        });
        return [before, after, own, storage.getStore()];
      }),
    );
    expect(seen).toEqual(['of the caller', 'of the caller', 'own', 'of the caller']);
  });

  it('perf_hooks measure', async () => {
    const measured = await inside(async () => {
      const observed = new Promise<string>((resolve) => {
        const observer = new PerformanceObserver((list) => resolve(list.getEntries()[0]?.name ?? 'nothing'));
        observer.observe({ entryTypes: ['measure'] });
      });
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      performance.mark('began');
      await timers.setTimeout(20);
      performance.measure('waited', 'began');
      return [await observed, delay.count > 0, performance.eventLoopUtilization().idle > 0];
    });
    expect(measured).toEqual(['waited', true, true]);
  });

  it('Atomics.wait and Atomics.waitAsync wait on own memory', async () => {
    const outcomes = await inside(async () => {
      const cell = new Int32Array(new SharedArrayBuffer(4));
      const timedOut = Atomics.wait(cell, 0, 0, 5);
      const { waitAsync } = Atomics as unknown as {
        waitAsync(...args: unknown[]): { value: Promise<string> };
      };
      const woken = waitAsync(cell, 0, 0);
      setTimeout(() => Atomics.notify(cell, 0), 5);
      return [timedOut, await woken.value, Atomics.wait(cell, 0, 1)];
    });
    expect(outcomes).toEqual(['timed-out', 'ok', 'not-equal']);
  });

  it("a SharedArrayBuffer is the child's own copy", async () => {
    const shared = new Int32Array(new SharedArrayBuffer(8));
    shared[0] = 1;
    expect(await inside(() => Atomics.add(shared, 0, 5) + (shared[0] as number))).toBe(7);
    expect(shared[0]).toBe(1);
  });

  it('a MessageChannel delivers', async () => {
    const deliver = async () => {
      const { port1, port2 } = new MessageChannel();
      port2.postMessage({ text: 'hello' });
      const [message] = await events.once(port1, 'message');
      port1.close();
      return message;
    };
    expect(await inside(deliver)).toEqual({ text: 'hello' });
  });

  it('process.chdir and process.env change the child alone', async () => {
    const cwd = process.cwd();
    const inChild = await inside(() => {
      process.env.FORKMAP_TEST_VARIABLE = 'set in the child';
      // WHY not everywhere: a worker thread may not change the directory.
      process.chdir(dir);
      return [process.cwd(), process.env.FORKMAP_TEST_VARIABLE];
    });
    expect(inChild).toEqual([fs.realpathSync(dir), 'set in the child']);
    expect([process.cwd(), process.env.FORKMAP_TEST_VARIABLE]).toEqual([cwd, undefined]);
  });

  it('signals of its own are heard', async () => {
    const hear = async () => {
      const heard = events.once(process, 'SIGUSR2');
      const alive = setInterval(() => {}, 1_000);
      process.kill(process.pid, 'SIGUSR2');
      const [signal] = await heard;
      clearInterval(alive);
      return signal;
    };
    expect(await inside(hear)).toBe('SIGUSR2');
  });
});
