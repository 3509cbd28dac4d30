/** What many children have of their own: randomness, identity, an end that runs none of the origin's code. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parMap } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { rejectionOf, warmPool } from '../helpers/runs.js';

expectNoLeaks(warmPool);

const CHILDREN = 200;
const range = (length: number) => Array.from({ length }, (_, i) => i);

it(`no two of ${CHILDREN} children, nor the origin, draw the same random numbers`, async () => {
  const draw = () => ({
    random: [Math.random(), Math.random()],
    uuid: [randomUUID(), randomUUID()],
    int: [randomInt(2 ** 47), randomInt(2 ** 47)],
    bytes: [randomBytes(16).toString('hex')],
    webUuid: [globalThis.crypto.randomUUID()],
    webBytes: [Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(16))).toString('hex')],
  });
  // Fills the caches that children inherit.
  draw();
  const children = await parMap(range(CHILDREN), draw, { chunk: 1 });
  const all = [...children, draw()];
  for (const kind of Object.keys(draw()) as (keyof ReturnType<typeof draw>)[]) {
    const drawn: unknown[] = all.flatMap((one) => one[kind] as unknown[]);
    expect(new Set(drawn).size, kind).toBe(drawn.length);
  }
});

describe("isolation: 'lane'", () => {
  it('a kept child goes on drawing, and does not begin anew with each chunk', async () => {
    const drawn = await parMap(range(40), () => Math.random(), { chunk: 1, lanes: 2, isolation: 'lane' });
    expect(new Set(drawn).size).toBe(40);
  });
});

it('every child of parMap() has the pid, the parent and the title that the kernel has', async () => {
  const seen = await parMap(
    range(6),
    () => {
      const status = readFileSync('/proc/self/status', 'utf8');
      return {
        pid: [process.pid, Number(/^Pid:\s*(\d+)/m.exec(status)?.[1])],
        ppid: [process.ppid, Number(/^PPid:\s*(\d+)/m.exec(status)?.[1])],
        title: process.title,
        commandLine: readFileSync('/proc/self/cmdline', 'latin1'),
      };
    },
    { chunk: 1, lanes: 2, name: 'six' },
  );
  for (const { pid, ppid, title, commandLine } of seen) {
    expect(pid[0]).toBe(pid[1]);
    expect(ppid[0]).toBe(ppid[1]);
    expect(title).toBe(`forkmap six of ${process.pid}`);
    expect(commandLine).toContain(title);
  }
  expect(new Set(seen.map(({ pid }) => pid[0])).size).toBe(6);
});

it('process.exit() in one item ends that child only', async () => {
  const results = await parMap(range(6), (i) => (i === 3 ? process.exit(4) : i), { chunk: 2, settle: true });
  expect(
    results.map((r) => (r.status === 'fulfilled' ? r.value : [r.reason.code, r.reason.exitCode])),
  ).toEqual([...[0, 1, 2], ['ERR_FORKMAP_EXITED', 4], ...[4, 5]]);
});

it('process.exit() after an await reaches the caller as well', async () => {
  const error = await rejectionOf(
    parMap([0], async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      process.exit(6);
    }),
  );
  expect(error).toMatchObject({ code: 'ERR_FORKMAP_EXITED', exitCode: 6, index: 0 });
});
