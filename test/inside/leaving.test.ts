/** What a child does after its last item: `teardown`, and what its event loop has begun. */
import { createWriteStream, mkdtempSync, readFileSync, writeFile, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { forkMap } from '@forkmap/core';
import { type ParMapOptions, par, parForEach, parMap, parReduce, parStream } from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { runText } from '../helpers/processes.js';
import { warmPool } from '../helpers/runs.js';
import { SPAWNED, taskOf } from '../helpers/tasks.js';

expectNoLeaks(warmPool);

const folder = mkdtempSync(join(tmpdir(), 'forkmap-leaving-'));
let files = 0;
const freshFile = () => {
  const file = join(folder, `${files++}`);
  writeFileSync(file, '');
  return file;
};
const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .sort();

const ITEMS = [1, 2, 3, 4, 5, 6, 7, 8];

const WAYS: Record<string, ParMapOptions> = {
  'a child per chunk': { chunk: 2 },
  'a child per lane': { chunk: 2, isolation: 'lane', lanes: 2 },
};

describe.each(Object.entries(WAYS))('%s', (_name, options) => {
  it('waits for what was written to a stream that nobody awaited', async () => {
    const file = freshFile();
    await parMap(
      ITEMS,
      (item) => {
        const stream = createWriteStream(file, { flags: 'a' });
        for (let i = 0; i < 50; i++) stream.write(`${item} ${i}\n`);
      },
      options,
    );
    expect(linesOf(file)).toHaveLength(ITEMS.length * 50);
  });

  it('waits for what was sent to a server', async () => {
    const server = createServer();
    const received: Promise<string>[] = [];
    server.on('connection', (socket) => received.push(text(socket)));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as { port: number };
    const sent = 'x'.repeat(2 ** 20);
    await parMap(
      ITEMS,
      async () => {
        const { connect } = await import('node:net');
        connect(port, '127.0.0.1').write(sent);
      },
      options,
    );
    expect((await Promise.all(received)).map(({ length }) => length)).toEqual(ITEMS.map(() => sent.length));
    await new Promise((closed) => server.close(closed));
  });

  it('runs teardown once, after its last item, and waits for it', async () => {
    const file = freshFile();
    const lines: string[] = [];
    const { appendFile } = await import('node:fs/promises');
    const results = await parMap(
      ITEMS,
      (item) => {
        lines.push(`${item}`);
        return item;
      },
      {
        ...options,
        teardown: async () => {
          await appendFile(file, lines.map((line) => `${line}\n`).join(''));
          await appendFile(file, `child ${process.pid}\n`);
        },
      },
    );
    expect(results).toEqual(ITEMS);
    const told = linesOf(file);
    const children = told.filter((line) => line.startsWith('child'));
    expect(new Set(children).size).toBe(children.length);
    expect(told.filter((line) => !line.startsWith('child'))).toEqual(ITEMS.map(String));
  });
});

describe('teardown', () => {
  const verbs: Record<string, (options: ParMapOptions) => Promise<unknown>> = {
    parMap: (options) => parMap(ITEMS, (x) => x, options),
    parForEach: (options) => parForEach(ITEMS, () => undefined, options),
    parReduce: (options) => parReduce(ITEMS, (a, b) => a + b, 0, options),
    'par().collect': (options) =>
      par(ITEMS, options)
        .map((x) => x)
        .collect(),
    parStream: async (options) => {
      for await (const _ of parStream(ITEMS, (x) => x, options));
    },
  };
  const cases = Object.keys(verbs).flatMap((verb) =>
    ['fork', 'inline'].map((engine) => [verb, engine] as const),
  );

  it.each(cases)('%s runs it (engine: %s)', async (verb, engine) => {
    const file = freshFile();
    const teardown = () => writeFileSync(file, 'done\n', { flag: 'a' });
    await verbs[verb]?.({ engine: engine as 'fork', teardown });
    expect(linesOf(file).length).toBeGreaterThan(0);
  });

  it('that throws, or never settles, is told of on standard error, and the results stand', async () => {
    const { stdout, stderr } = await runText(`
      import { parMap } from '@forkmap/pool';
      const throws = () => { throw new Error('no room'); };
      console.log(await parMap([1, 2], (x) => x, { chunk: 1, lanes: 1, teardown: throws }));
      console.log(await parMap([3], (x) => x, { isolation: 'lane', teardown: () => new Promise(() => undefined) }));
    `);
    expect(stdout).toBe('[ 1, 2 ]\n[ 3 ]\n');
    expect(stderr.match(/Warning: teardown failed in a child: Error: no room/g)).toHaveLength(2);
    expect(stderr.match(/Warning: teardown's promise can never settle/g)).toHaveLength(1);
  });

  it('is run before a child of the spawn engine ends', async () => {
    const file = freshFile();
    process.env.FORKMAP_TEST_ENDS = file;
    const options = { ...SPAWNED, chunk: 1, teardown: taskOf('tellEnd') };
    expect(await parMap([1, 2, 3], taskOf('square'), options)).toEqual([1, 4, 9]);
    expect(linesOf(file).length).toBeGreaterThan(0);
  });
});

it('forkMap waits for what was begun, and says what it cuts off', async () => {
  const file = freshFile();
  await forkMap(() => writeFile(file, 'written', () => undefined));
  expect(readFileSync(file, 'utf8')).toBe('written');
});

it('what does not end within five seconds is cut off, and told of', async () => {
  const { stdout, stderr } = await runText(`
    import { execFileSync } from 'node:child_process';
    import { mkdtempSync, open } from 'node:fs';
    import { forkMap } from '@forkmap/core';
    const fifo = mkdtempSync('/tmp/forkmap-fifo-') + '/fifo';
    execFileSync('mkfifo', [fifo]);
    console.log(await forkMap(() => { open(fifo, 'r', () => undefined); return 1; }));
  `);
  expect(stdout).toBe('1\n');
  expect(stderr).toMatch(
    /Warning: what a child had begun did not end within 5000 ms after its last item.*FSReqCallback/,
  );
});

it('what goes wrong after the last item is told of', async () => {
  const { stdout, stderr } = await runText(`
    import { createWriteStream } from 'node:fs';
    import { parMap } from '@forkmap/pool';
    console.log(await parMap([1], (x) => { createWriteStream('/no/such/folder').write('x'); return x; }));
  `);
  expect(stdout).toBe('[ 1 ]\n');
  expect(stderr).toMatch(
    /Warning: after its last item a child came to an error that nobody caught: Error: ENOENT/,
  );
});
