import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import timers from 'node:timers/promises';
import { MessageChannel, Worker } from 'node:worker_threads';
import zlib from 'node:zlib';

/** Begins something that calls `mark` soon, and gives back how to end it. */
export type Life = (mark: () => void, dir: string) => unknown;

const MS = 10;

/** What the event loop of a busy origin may be about to do. Each goes on by itself until it is ended. */
export const LIVES: Record<string, Life> = {
  'a timeout': (mark) => setTimeout(mark, MS),
  'an interval': (mark) => {
    const interval = setInterval(mark, 1);
    return () => clearInterval(interval);
  },
  'a chain of timeouts': (mark) => {
    let timer: NodeJS.Timeout;
    const next = () => {
      mark();
      timer = setTimeout(next, 1);
    };
    timer = setTimeout(next, 1);
    return () => clearTimeout(timer);
  },
  'an unreferenced timeout': (mark) => setTimeout(mark, MS).unref(),
  'an immediate': (mark) => setImmediate(mark),
  'a chain of immediates': (mark) => {
    let immediate: NodeJS.Immediate;
    const next = () => {
      mark();
      immediate = setImmediate(next);
    };
    immediate = setImmediate(next);
    return () => clearImmediate(immediate);
  },
  'a tick': (mark) => process.nextTick(mark),
  'a microtask': (mark) => queueMicrotask(mark),
  'an awaited timeout': async (mark) => {
    await timers.setTimeout(MS);
    mark();
  },
  'an awaited immediate': async (mark) => {
    await timers.setImmediate();
    mark();
  },
  'an iterated interval': (mark) => {
    const stop = new AbortController();
    const iterate = async () => {
      for await (const _ of timers.setInterval(1, 0, stop)) mark();
    };
    iterate().catch(() => undefined);
    return () => stop.abort();
  },
  'AbortSignal.timeout': (mark) => AbortSignal.timeout(MS).addEventListener('abort', mark),
  'Atomics.waitAsync': (mark) => {
    const { waitAsync } = Atomics as unknown as {
      waitAsync(...args: unknown[]): { value: Promise<unknown> };
    };
    waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MS).value.then(mark);
  },
  'fs.promises in flight': async (mark) => {
    for (let i = 0; i < 20; i++) await fs.promises.readFile(import.meta.filename);
    mark();
  },
  'a callback of fs in flight': (mark) => fs.stat(import.meta.filename, mark),
  'a stream of a file': (mark, dir) => {
    const file = join(dir, 'long');
    fs.writeFileSync(file, Buffer.alloc(4 << 20));
    const stream = fs.createReadStream(file).on('data', mark);
    return () => stream.destroy();
  },
  'zlib in flight': (mark) => zlib.gzip(Buffer.alloc(1 << 22), mark),
  'crypto in flight': (mark) => crypto.pbkdf2('secret', 'salt', 20_000, 32, 'sha256', mark),
  'WebCrypto in flight': async (mark) => {
    await globalThis.crypto.subtle.digest('SHA-256', Buffer.alloc(1 << 22));
    mark();
  },
  'dns.lookup in flight': (mark) => dns.lookup('localhost', mark),
  'dns.resolve in flight': (mark) => {
    const silent = dgram.createSocket('udp4').bind(0, '127.0.0.1', () => {
      const resolver = new dns.Resolver({ timeout: 2_000, tries: 1 });
      resolver.setServers([`127.0.0.1:${silent.address().port}`]);
      resolver.resolve4('never.test', mark);
    });
    return () => silent.close();
  },
  'the end of a child process': (mark) => spawn('sleep', ['0.02']).on('exit', mark),
  'the output of a child process': (mark) => {
    const child = spawn('sh', ['-c', 'while :; do echo; sleep 0.01; done']);
    child.stdout.on('data', mark);
    return () => child.kill();
  },
  'a server and its client': (mark) => {
    const server = net
      .createServer((socket) => socket.pipe(socket))
      .listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        const client = net.connect(port, '127.0.0.1', () => client.write('x'));
        client.on('data', (bytes) => {
          mark();
          client.write(bytes);
        });
        server.on('close', () => client.destroy());
      });
    server.on('connection', (socket) => socket.on('error', () => undefined).unref());
    return () => server.emit('close', server.close());
  },
  'an http server and requests to it': (mark) => {
    const server = http.createServer((_request, response) => response.end('x')).listen(0, '127.0.0.1');
    let isOver = false;
    const ask = async () => {
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      while (!isOver) {
        await (await fetch(url)).text();
        mark();
      }
      server.close().closeAllConnections();
    };
    ask().catch(() => undefined);
    return () => {
      isOver = true;
    };
  },
  datagrams: (mark) => {
    const socket = dgram.createSocket('udp4').on('message', mark);
    const send = () => socket.send('x', socket.address().port, '127.0.0.1');
    socket.on('message', send).bind(0, '127.0.0.1', send);
    return () => socket.close();
  },
  'a message port': (mark) => {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', () => {
      mark();
      port2.postMessage('x');
    });
    port2.postMessage('x');
    return () => port1.close();
  },
  'a worker thread': (mark) => {
    const source = `
      const { parentPort } = require('node:worker_threads');
      setInterval(() => parentPort.postMessage('x'), 1);`;
    const worker = new Worker(source, { eval: true }).on('message', mark);
    return () => worker.terminate();
  },
  'fs.watch': (mark, dir) => {
    const file = join(dir, 'watched');
    fs.writeFileSync(file, '');
    const watcher = fs.watch(file, mark);
    const interval = setInterval(() => fs.writeFileSync(file, 'x'), 5);
    return () => clearInterval(interval) ?? watcher.close();
  },
  'fs.watchFile': (mark, dir) => {
    const file = join(dir, 'polled');
    fs.writeFileSync(file, '');
    fs.watchFile(file, { interval: 5 }, mark);
    const interval = setInterval(() => fs.appendFileSync(file, 'x'), 5);
    return () => clearInterval(interval) ?? fs.unwatchFile(file);
  },
  'WebAssembly in flight': async (mark) => {
    for (let i = 0; i < 50; i++) {
      // A section of its own kind, whose content is new each time: V8 keeps what it has compiled.
      await WebAssembly.compile(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 4, 1, i, i, i]));
      mark();
    }
  },
};
