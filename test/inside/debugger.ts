import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { releaseAtEnd } from '../helpers/held.js';

// biome-ignore lint/suspicious/noExplicitAny: answers of the Chrome DevTools Protocol, of many shapes
type Answer = any;

export interface DebuggerSession {
  pid: number;
  ask(method: string, params?: object): Promise<Answer>;
  /** The line that the program prints, as JSON, when it has ended. */
  report(): Promise<unknown>;
}

/** Starts a program with --inspect, and attaches to it. */
export async function debuggerOf(program: string): Promise<DebuggerSession> {
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  releaseAtEnd(() => void child.kill('SIGKILL'));
  const printed = once(createInterface({ input: child.stdout }), 'line');
  const socket = await openWebSocket(await urlSaidBy(child.stderr));
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  onFrames(socket, (message) => {
    const { id, result } = JSON.parse(message);
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  return {
    pid: child.pid as number,
    ask: (method, params = {}) =>
      new Promise((resolve) => {
        lastId += 1;
        waiting.set(lastId, resolve);
        socket.write(frameOf(JSON.stringify({ id: lastId, method, params })));
      }),
    async report() {
      const [line] = await printed;
      // WHY: Node waits at its exit for the debugger to leave.
      socket.destroy();
      if (child.exitCode === null) await once(child, 'exit');
      return JSON.parse(line);
    },
  };
}

async function urlSaidBy(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const url = /Debugger listening on (ws:\S+)/.exec(line)?.[1];
    if (url) {
      stderr.resume();
      return url;
    }
  }
  throw new Error('no debugger listens');
}

// SOURCE: RFC 6455. WHY by hand: Node 20 has no client of WebSockets.
async function openWebSocket(url: string): Promise<Socket> {
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  const request = http.get(url.replace('ws:', 'http:'), { headers });
  const [, socket] = await once(request, 'upgrade');
  releaseAtEnd(() => void socket.destroy());
  return socket.on('error', () => undefined);
}

/** A text frame of a client: masked, by zeros. Shorter than 64 KiB. */
function frameOf(message: string): Buffer {
  const payload = Buffer.from(message);
  const header =
    payload.length < 126
      ? [0x81, 0x80 | payload.length]
      : [0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), payload]);
}

/** The text frames of a server, each whole. */
function onFrames(socket: Socket, heard: (message: string) => void): void {
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      const short = (bytes[1] ?? 0) & 0x7f;
      const at = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (bytes.length < at) return;
      const length =
        short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
      if (bytes.length < at + length) return;
      if (((bytes[0] ?? 0) & 0xf) === 1) heard(bytes.toString('utf8', at, at + length));
      bytes = bytes.subarray(at + length);
    }
  });
}
