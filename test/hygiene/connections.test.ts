import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import timers from 'node:timers/promises';
import tls from 'node:tls';
import { forkMap, forkMapSync } from '@forkmap/core';
import { parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { PSK } from '../inside/psk.js';

const CALLS = 50;

interface Pair {
  client: net.Socket;
  /** Of the server's side. */
  socket: net.Socket;
  close(): void;
}

const KINDS: Record<string, () => Promise<Pair>> = {
  TCP: async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    return await connectTo(server, 'connection', () => net.connect((server.address() as AddressInfo).port));
  },
  TLS: async () => {
    const server = tls.createServer(PSK.server).listen(0, '127.0.0.1');
    return await connectTo(server, 'secureConnection', () =>
      tls.connect({ port: (server.address() as AddressInfo).port, ...PSK.client }),
    );
  },
  'a unix socket': async () => {
    const path = `\0forkmap-hygiene-${process.pid}`;
    return await connectTo(net.createServer().listen(path), 'connection', () => net.connect(path));
  },
};

async function connectTo(server: net.Server, event: string, connect: () => net.Socket): Promise<Pair> {
  await once(server, 'listening');
  const client = connect();
  const [socket] = await once(server, event);
  return { client, socket, close: () => void server.close() };
}

/** Numbers, one after the other, for as long as they are wanted, each a line. */
class Talk {
  readonly #to: net.Socket;
  readonly heard: string[] = [];
  #sent = 0;
  #rest = '';

  constructor(from: net.Socket, to: net.Socket) {
    this.#to = from;
    to.setEncoding('latin1').on('data', (text) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop() as string;
      this.heard.push(...lines);
    });
  }

  get expected(): string[] {
    return Array.from({ length: this.#sent }, (_, i) => String(i));
  }

  /** So much that it does not fit into the kernel's buffers: writes are pending whenever a child is forked. */
  say(): void {
    const lines = Array.from({ length: 10_000 }, () => String(this.#sent++));
    this.#to.write(`${lines.join('\n')}\n`);
  }

  get isAllHeard(): boolean {
    return this.heard.length === this.#sent;
  }
}

describe.each(Object.entries(KINDS))('%s of the origin', (_kind, connect) => {
  it(`carries every byte once and in order during ${CALLS} calls, whatever children do to it`, async () => {
    const { client, socket, close } = await connect();
    const talks = [new Talk(client, socket), new Talk(socket, client)];
    const meddle = () => {
      for (const end of [client, socket]) {
        end.on('error', () => {});
        end.write('from a child\n');
        end.resume();
      }
    };
    const meddleAtOnce = () => {
      meddle();
      client.destroy();
      socket.destroy();
      return 'done';
    };
    const meddleLong = async () => {
      meddle();
      await timers.setTimeout(2);
      client.end('from a child\n');
      socket.destroy();
      close();
      await timers.setTimeout(2);
      return 'done';
    };
    const calls = [
      () => forkMap(meddleLong),
      async () => forkMapSync(meddleAtOnce),
      async () => (await parMap([1, 2], meddleLong, { chunk: 1 }))[1],
      () => forkMap(meddleAtOnce),
    ];
    for (let i = 0; i < CALLS; i++) {
      for (const talk of talks) talk.say();
      expect(await calls[i % calls.length]?.()).toBe('done');
    }
    while (!talks.every((talk) => talk.isAllHeard)) await timers.setImmediate();
    for (const talk of talks) expect(talk.heard.join() === talk.expected.join()).toBe(true);

    const ended = once(client, 'close');
    socket.end();
    client.end();
    await ended;
    close();
  });
});

it('a server of the origin takes connections while children try to', async () => {
  const server = net.createServer((socket) => socket.end(String(process.pid))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = async () => {
    const socket = net.connect(port, '127.0.0.1').setEncoding('latin1');
    const [pid] = await once(socket, 'data');
    return Number(pid);
  };
  const asked = await parMap(new Uint8Array(20), ask, { chunk: 5, lanes: 4 });
  expect(new Set([...asked, await ask()])).toEqual(new Set([process.pid]));
  await forkMap(() => void server.close());
  expect(await ask()).toBe(process.pid);
  server.close();
});

it('a port of the origin is free as soon as it closes its server, though children live on', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const abort = new AbortController();
  const lives = forkMap(() => timers.setTimeout(60_000), { signal: abort.signal }).catch(() => 'aborted');
  await timers.setImmediate();
  server.close();
  await once(server, 'close');
  const next = net.createServer().listen(port, '127.0.0.1');
  await once(next, 'listening');
  next.close();
  abort.abort();
  expect(await lives).toBe('aborted');
});
