import dgram from 'node:dgram';
import dns from 'node:dns';
import events from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNameServer } from './name-server.js';
import { PSK } from './psk.js';
import { WAYS } from './ways.js';

/** Sockets from which each server of the origin had a request. */
const sockets = new Set<net.Socket>();
const answer = (request: http.IncomingMessage, response: http.ServerResponse) => {
  sockets.add(request.socket);
  response.end(`you asked for ${request.url}`);
};
const servers = {
  http: http.createServer(answer),
  https: https.createServer(PSK.server, answer),
  echo: net.createServer((socket) => socket.pipe(socket)),
};
const keptAlive = {
  http: new http.Agent({ keepAlive: true }),
  https: new https.Agent({ keepAlive: true, ...PSK.client }),
};

const portOf = (server: net.Server) => (server.address() as AddressInfo).port;
// Read once: in a child, the servers of the origin have no address.
const ports = { http: 0, https: 0, echo: 0 };
const urlOf = (kind: 'http' | 'https', path: string) => `${kind}://127.0.0.1:${ports[kind]}${path}`;

async function get(kind: 'http' | 'https', path: string, agent?: http.Agent): Promise<string> {
  const options = kind === 'https' ? { ...PSK.client, agent } : { agent };
  const request = { http, https }[kind].get(urlOf(kind, path), options);
  const [response] = await events.once(request, 'response');
  return await text(response);
}

beforeAll(async () => {
  for (const [name, server] of Object.entries(servers)) {
    server.listen(0, '127.0.0.1');
    await events.once(server, 'listening');
    ports[name as keyof typeof servers] = portOf(server);
  }
});
afterAll(() => {
  for (const agent of [...Object.values(keptAlive), http.globalAgent, https.globalAgent]) agent.destroy();
  for (const server of Object.values(servers)) server.close();
  servers.http.closeAllConnections();
});

describe.each(WAYS)('in a child of %s', (_way, inside) => {
  it('a net client talks to a server of the origin', async () => {
    const talk = async () => {
      const socket = net.connect(ports.echo, '127.0.0.1');
      socket.end('hello');
      return await text(socket);
    };
    expect(await inside(talk)).toBe('hello');
  });

  it('a server serves', async () => {
    const serve = async () => {
      const server = http.createServer((request, response) => response.end(request.method)).listen(0);
      await events.once(server, 'listening');
      const response = await fetch(`http://127.0.0.1:${portOf(server)}/`, { method: 'PUT' });
      const body = await response.text();
      server.close();
      return body;
    };
    expect(await inside(serve)).toBe('PUT');
  });

  it('a TLS server serves a TLS client', async () => {
    const talk = async () => {
      const server = tls.createServer(PSK.server, (socket) => socket.end('secret')).listen(0);
      await events.once(server, 'listening');
      const heard = await text(tls.connect({ port: portOf(server), ...PSK.client }));
      server.close();
      return heard;
    };
    expect(await inside(talk)).toBe('secret');
  });

  it('http2 serves and asks', async () => {
    const talk = async () => {
      const server = http2.createServer((_request, response) => void response.end('two')).listen(0);
      await events.once(server, 'listening');
      const client = http2.connect(`http://127.0.0.1:${portOf(server)}`);
      const body = await text(client.request({ ':path': '/' }));
      client.close();
      server.close();
      return body;
    };
    expect(await inside(talk)).toBe('two');
  });

  it('a unix socket connects', async () => {
    const talk = async () => {
      const server = net.createServer((socket) => socket.end('local')).listen(`\0forkmap-${process.pid}`);
      await events.once(server, 'listening');
      const heard = await text(net.connect(`\0forkmap-${process.pid}`));
      server.close();
      return heard;
    };
    expect(await inside(talk)).toBe('local');
  });

  it('datagrams arrive', async () => {
    const talk = async () => {
      const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
      await events.once(socket, 'listening');
      socket.send('datagram', socket.address().port, '127.0.0.1');
      const [message] = await events.once(socket, 'message');
      socket.close();
      return String(message);
    };
    expect(await inside(talk)).toBe('datagram');
  });

  it('fetch asks, after the origin used fetch and keeps its connections', async () => {
    const ask = async (path: string) => await (await fetch(urlOf('http', path))).text();
    await Promise.all([ask('/a'), ask('/b'), ask('/c')]);
    const inChild = () => Promise.all(['/1', '/2', '/3'].map(ask));
    const answers = ['/1', '/2', '/3'].map((path) => `you asked for ${path}`);
    expect(await inside(inChild)).toEqual(answers);
    expect(await inside(inChild)).toEqual(answers);
    expect(await ask('/after')).toBe('you asked for /after');
  });

  it.each(['http', 'https'] as const)('%s asks on connections of its own', async (kind) => {
    sockets.clear();
    await get(kind, '/origin');
    const answers = await inside(() => Promise.all([get(kind, '/1'), get(kind, '/2')]));
    expect(answers).toEqual(['you asked for /1', 'you asked for /2']);
    expect(await get(kind, '/again')).toBe('you asked for /again');
    // The origin's one, kept alive or not, and those of the child.
    expect(sockets.size).toBeGreaterThanOrEqual(3);
  });

  it.each(['http', 'https'] as const)(
    "%s asks through an agent of the user's that keeps connections",
    async (kind) => {
      sockets.clear();
      const agent = keptAlive[kind];
      await get(kind, '/origin', agent);
      const inChild = async () => [await get(kind, '/1', agent), await get(kind, '/2', agent)];
      expect(await inside(inChild)).toEqual(['you asked for /1', 'you asked for /2']);
      expect(await get(kind, '/again', agent)).toBe('you asked for /again');
      // The origin asked twice on one connection, the child twice on another.
      expect(sockets.size).toBe(2);
    },
  );

  it.each(['http', 'https'] as const)(
    'the global agent of %s has no connection of the origin',
    async (kind) => {
      const { globalAgent } = { http, https }[kind];
      await get(kind, '/origin');
      const counts = () => {
        const { sockets, freeSockets, requests } = globalAgent;
        return [sockets, freeSockets, requests].map((pool) => Object.keys(pool).length);
      };
      expect(counts()).not.toEqual([0, 0, 0]);
      expect(await inside(counts)).toEqual([0, 0, 0]);
    },
  );

  it('fetch asks on a connection of its own', async () => {
    const ask = async (path: string) => await (await fetch(urlOf('http', path))).text();
    sockets.clear();
    await ask('/origin');
    const ofOrigin = [...sockets];
    sockets.clear();
    await inside(async () => [await ask('/1'), await ask('/2')]);
    expect(sockets.size).toBeGreaterThan(0);
    expect(ofOrigin.filter((socket) => sockets.has(socket))).toEqual([]);
  });

  it('dns.resolve asks a name server, after the origin asked it', async () => {
    const server = await startNameServer({ 'answer.test': '10.1.2.3' });
    try {
      const resolver = new dns.promises.Resolver({ timeout: 2_000, tries: 2 });
      resolver.setServers([server.address]);
      expect(await resolver.resolve4('answer.test')).toEqual(['10.1.2.3']);
      const inChild = await inside(async () => {
        const own = new dns.promises.Resolver({ timeout: 2_000, tries: 2 });
        own.setServers([server.address]);
        return [await own.resolve4('answer.test'), await resolver.resolve4('answer.test')];
      });
      expect(inChild).toEqual([['10.1.2.3'], ['10.1.2.3']]);
      expect(await resolver.resolve4('answer.test')).toEqual(['10.1.2.3']);
    } finally {
      server.close();
    }
  });
});
