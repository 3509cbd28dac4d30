/** What a child finds open, and what stays open around it. */
import { readdirSync, readlinkSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type ParMapOptions, parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { openGate } from '../helpers/pipes.js';
import { runProgram } from '../helpers/processes.js';
import { ASYNC_RUNS, RUNS, warmPool } from '../helpers/runs.js';

expectNoLeaks(warmPool);

/** What the descriptors above the standard ones are, in whatever process asks. */
function openThings(): string[] {
  return readdirSync('/proc/self/fd')
    .filter((fd) => Number(fd) > 2)
    .map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        return 'closed by now';
      }
    });
}

describe.each(RUNS)('a child of %s()', (name, run) => {
  it('holds no socket, neither of the origin nor of its siblings', async () => {
    const server = createServer().listen(0);
    const origins = openThings().filter((name) => name.startsWith('socket:'));
    expect(origins.length).toBeGreaterThan(0);
    const seen = await run(openThings);
    server.close();
    const sockets = seen.filter((thing) => thing.startsWith('socket:'));
    expect(sockets.filter((socket) => origins.includes(socket))).toEqual([]);
    // A child of parMap() that may be kept is told of its next chunk through one.
    expect(sockets.length).toBeLessThanOrEqual(name === 'parMap' ? 1 : 0);
  });
});

describe.each<[string, ParMapOptions]>([
  ['few chunks', { chunk: 1, lanes: 4 }],
  ['many chunks, so that lanes have a process each', { chunk: 1, lanes: 2 }],
  ['isolation lane', { chunk: 1, lanes: 3, isolation: 'lane' }],
])('parMap() with %s', (_name, options) => {
  it('gives each child one pipe to write to, and the sockets of no sibling', async () => {
    const seen = await parMap(Array.from({ length: 12 }), openThings, options);
    for (const things of seen) {
      const sockets = things.filter((name) => name.startsWith('socket:'));
      // A kept child is told of its next chunk through one.
      expect(sockets.length).toBeLessThanOrEqual(options.isolation === 'lane' ? 1 : 0);
    }
    for (const [i, things] of seen.entries()) {
      const own = new Set(things.filter((name) => name.startsWith('pipe:')));
      const others = seen.filter((_, j) => j !== i).map((list) => new Set(list));
      const unique = [...own].filter((name) => !others.every((other) => other.has(name)));
      expect(unique.length).toBeGreaterThan(0);
    }
  });

  it('hears of a child that ends while its sibling lives on', async () => {
    const gate = openGate();
    let dead = 0;
    const call = parMap(
      [0, 1],
      (item) => {
        if (item === 0) gate.pass();
        else process.kill(process.pid, 'SIGKILL');
      },
      {
        ...options,
        lanes: 2,
        settle: true,
        onProgress({ failed, done }) {
          if (done === 1) dead = failed;
          if (done === 1) gate.open();
        },
      },
    );
    expect(await call).toMatchObject([
      { status: 'fulfilled' },
      { reason: { code: 'ERR_FORKMAP_KILLED', index: 1 } },
    ]);
    expect(dead).toBe(1);
  });
});

describe.each(ASYNC_RUNS)('%s()', (_name, run) => {
  it("leaves the origin's connections to the origin", async () => {
    const server = createServer((socket) => socket.on('data', (data) => socket.write(`echo ${data}`)));
    await new Promise<void>((listening) => server.listen(0, listening));
    const { connect } = await import('node:net');
    const client: Socket = connect((server.address() as { port: number }).port);
    const answer = () =>
      new Promise<string>((resolve) => client.once('data', (data) => resolve(String(data))));
    client.write('one');
    expect(await answer()).toBe('echo one');
    await run(async () => {
      client.write('from the child');
      client.destroy();
      server.close();
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    client.write('two');
    expect(await answer()).toBe('echo two');
    client.destroy();
    await new Promise((closed) => server.close(closed));
  });
});

it('where they run out, a call gives a typed error or the right results, and none is lost', async () => {
  const { code, stdout, stderr } = await runProgram('runs-with-few-descriptors.mjs', {
    args: [join(import.meta.dirname, '..', 'fixtures', 'runs-out-of-descriptors.mjs')],
  });
  expect(stderr.replaceAll(/^.*FORKMAP_[A-Z_]+.*\n.*trace-warnings.*\n/gm, '')).toBe('');
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(12);
  expect(new Set(lines)).toEqual(new Set(['typed, lost 0', 'right, lost 0']));
  expect(code).toBe(0);
});
