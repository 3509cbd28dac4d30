/** Programs that are unlike those that most people write: what they replace, freeze, wrap or bring along. */
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { runText } from '../helpers/processes.js';

const PREFIX = `
import { parMap, parReduce } from '@forkmap/pool';
import { forkMap, forkMapSync, isForkChild } from '@forkmap/core';
const outcome = async (act) => { try { return await act(); } catch (error) { return [error.code ?? error.name, error.message, error.effect].filter(Boolean).join(': '); } };
const say = async (act) => console.log(JSON.stringify(await outcome(act)));
`;

/** The lines that a program says, as data. */
async function said(source: string, options = {}): Promise<unknown[]> {
  const { stdout, stderr } = await runText(PREFIX + source, options);
  try {
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  } catch (cause) {
    throw new Error(`${stdout}\n${stderr}`, { cause });
  }
}

describe('a signal', () => {
  it('of a polyfill is taken, before it fires, as it fires and after it has fired', async () => {
    const lines = await said(`
      const { AbortController } = await import('abort-controller');
      const controller = new AbortController();
      await say(() => parMap([1], (x) => x, { signal: controller.signal }));
      await say(() => forkMap(() => 2, { signal: controller.signal }));
      const waiting = parMap([1], () => new Promise((end) => setTimeout(end, 60000)), { signal: controller.signal });
      setTimeout(() => controller.abort(), 10);
      await say(() => waiting);
      await say(() => forkMapSync(() => 1, { signal: controller.signal }));
    `);
    const aborted = expect.stringMatching(/abort/i);
    expect(lines).toEqual([[1], 2, aborted, aborted]);
  });

  it('that goes to 20 calls at once makes nobody warn', async () => {
    const { stdout, stderr } = await runText(`${PREFIX}
      const { signal } = new AbortController();
      await say(async () => (await Promise.all(Array.from({ length: 20 }, () => parMap([1], (x) => x, { signal })))).length);
    `);
    expect([stdout, stderr]).toEqual(['20\n', '']);
  });
});

describe('what is thrown', () => {
  it('has what accessors of its class give', async () => {
    const lines = await said(`
      class Invalid extends Error {
        constructor(issues) { super(); this.issues = issues; this.name = 'Invalid'; }
        get message() { return this.issues.join('; '); }
        get count() { return this.issues.length; }
        get broken() { throw new Error(); }
      }
      await say(() => parMap([1], () => { throw new Invalid(['a', 'b']); }).catch((e) => [e.name, e.message, e.count, 'broken' in e]));
      const { z } = await import('zod');
      await say(() => parMap([1], () => z.object({ a: z.number() }).parse({ a: 'x' })).catch((e) => [e.name, e.issues[0].path, e.message.includes('Expected number')]));
    `);
    expect(lines).toEqual([
      ['Invalid', 'a; b', 2, false],
      ['ZodError', ['a'], true],
    ]);
  });

  it('by assert has what can be sent of what was compared', async () => {
    const lines = await said(`
      const { strict: assert } = await import('node:assert');
      await say(() => parMap([1], () => assert.deepEqual({ a: 1, list: [1, () => 1], call() {} }, { a: 2 })).catch((e) => [e.code, e.actual, e.expected]));
    `);
    expect(lines).toEqual([['ERR_ASSERTION', { a: 1, list: [1, null] }, { a: 2 }]]);
  });

  it('says where a chain of causes was cut', async () => {
    const lines = await said(`
      const chain = () => { let error = new Error('0'); for (let i = 1; i <= 2000; i++) error = new Error(String(i), { cause: error }); throw error; };
      await say(() => forkMap(chain).catch((error) => {
        let last = error; let before;
        while (last.cause) [before, last] = [last, last.cause];
        return [error.message, before.message !== '', last.message];
      }));
    `);
    expect(lines).toEqual([['2000', true, expect.stringContaining('the chain of causes goes on')]]);
  });

  it('at a connection of the caller says that it is dead in children', async () => {
    const lines = await said(`
      const { connect, createServer } = await import('node:net');
      const server = createServer(() => {}); await new Promise((go) => server.listen(0, '127.0.0.1', go));
      const socket = connect(server.address().port, '127.0.0.1'); await new Promise((go) => socket.once('connect', go));
      await say(() => forkMap(() => new Promise((go, fail) => { socket.once('error', fail); socket.write('x'); })));
      process.exit();
    `);
    expect(lines).toEqual([
      expect.stringMatching(/write E\w+: a socket or pipe .* is dead in its children; open it in `setup`/),
    ]);
  });
});

describe('a result that cannot be sent comes with what to do', () => {
  it.each([
    [
      '(await import("decimal.js")).default(1)',
      /instance of Decimal, which no entry.*\n {2}types: \{ Decimal: \[\(value\) => value instanceof Decimal && value\.toJSON\(\),\n {4}\(plain\) => new Decimal\(plain\)\] \}/,
    ],
    ['(await import("immutable")).Map({ a: 1 })', /class named Map, other than the language's own/],
    [
      '(await import("zod")).z.number().safeParse("x")',
      /\.error cannot be sent: its property 'error' is an accessor|is an accessor: return the value/,
    ],
    ['(await import("node:vm")).runInNewContext("[1]")', /instance of Array of another realm.*copy it/],
  ])('%s', async (made, message) => {
    const lines = await said(`await say(() => parMap([1], async () => ${made}));`);
    expect(lines).toEqual([expect.stringMatching(message)]);
    expect(lines[0]).toMatch(/^ERR_FORKMAP_SERIALIZE/);
  });

  it('which works as it stands', async () => {
    const lines = await said(`
      const { default: Decimal } = await import('decimal.js');
      const { message } = await parMap([1], () => new Decimal('0.1')).catch((error) => error);
      const types = new Function('Decimal', 'return {' + message.slice(message.indexOf('types:')) + '}.types')(Decimal);
      await say(async () => { const [sum] = await parMap([1], () => new Decimal('0.1').plus('0.2'), { types }); return [sum instanceof Decimal, sum.toString()]; });
    `);
    expect(lines).toEqual([[true, '0.3']]);
  });
});

it('two copies know each other: the second runs inline in a child of the first, and refuses to fork it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'forkmap-copy-'));
  releaseAtEnd(() => rmSync(folder, { recursive: true }));
  const modules = join(import.meta.dirname, '..', 'node_modules', '@forkmap');
  for (const name of ['native', 'core', 'pool']) {
    const from = realpathSync(join(modules, name));
    const to = join(folder, 'node_modules', '@forkmap', name);
    cpSync(join(from, 'bundle'), join(to, 'bundle'), { recursive: true });
    cpSync(join(from, 'package.json'), join(to, 'package.json'));
    if (name === 'native') cpSync(join(from, 'build'), join(to, 'build'), { recursive: true });
  }
  const piscina = realpathSync(join(realpathSync(join(modules, 'pool')), 'node_modules', 'piscina'));
  symlinkSync(piscina, join(folder, 'node_modules', 'piscina'));
  const copy = (name: string) =>
    JSON.stringify(pathToFileURL(join(folder, 'node_modules', '@forkmap', name, 'bundle', 'index.js')));
  expect(dirname(folder)).toBe(tmpdir());
  const lines = await said(`
    const other = { ...await import(${copy('pool')}), ...await import(${copy('core')}) };
    await say(() => parMap([1, 2], async (x) => [other.isForkChild(), await other.parMap([x, x + 1], (y) => y * 10)], { chunk: 1 }));
    await say(() => forkMap(() => other.forkMap(() => 1).catch((error) => [error.code, /another copy/.test(error.message)])));
    await say(() => forkMap(() => forkMap(() => isForkChild())));
  `);
  expect(lines).toEqual([
    [
      [true, [10, 20]],
      [true, [20, 30]],
    ],
    ['ERR_FORKMAP_UNSUPPORTED', true],
    true,
  ]);
});

it('an error within a domain of the caller fails the item; domains of the function work', async () => {
  const lines = await said(`
    const { default: domain } = await import('node:domain');
    const outer = domain.create(); outer.on('error', () => console.log('"taken by the origin"'));
    await outer.run(() => say(() => parMap([1], () => new Promise(() => setTimeout(() => { throw new TypeError('astray'); }, 5)))));
    await outer.run(() => say(() => parMap([1], () => new Promise((heard) => {
      const inner = domain.create(); inner.on('error', (error) => heard(error.message));
      inner.run(() => setTimeout(() => { throw new Error('within'); }, 5));
    }))));
  `);
  expect(lines).toEqual(['TypeError: astray', ['within']]);
});

describe('the spawn engine, in a program that is given as a text', () => {
  const source = `
    import { appendFileSync } from 'node:fs'; appendFileSync(process.env.RUNS, 'x');
    const { parMap, task } = await import('@forkmap/pool');
    const square = task(process.env.TASKS, 'square');
    console.log((await parMap([1, 2, 3], square, { engine: 'spawn', lanes: 2 })).join());`;
  const tasks = String(new URL('../fixtures/tasks/functions.mjs', import.meta.url));

  it('runs that text once', async () => {
    const { readFileSync } = await import('node:fs');
    const RUNS = join(mkdtempSync(join(tmpdir(), 'forkmap-runs-')), 'runs');
    const { stdout, stderr } = await runText(source, { env: { RUNS, TASKS: tasks } });
    expect([stdout, stderr, readFileSync(RUNS, 'utf8')]).toEqual(['1,4,9\n', '', 'x']);
  });

  it('starts nothing from a process of a lane, whatever that runs before its lane', async () => {
    const before = `data:text/javascript,${encodeURIComponent(`
      import { parMap, task } from ${JSON.stringify(import.meta.resolve('@forkmap/pool'))};
      const pids = await parMap([1], task(process.env.TASKS, 'pidOf'), { engine: 'spawn' });
      if (process.argv[1]?.includes('child-main')) process.stderr.write('inline ' + (pids[0] === process.pid) + '\\n');
    `)}`;
    const text = `import { parMap, task } from '@forkmap/pool'; console.log((await parMap([3], task(process.env.TASKS, 'square'), { engine: 'spawn' })).join());`;
    const { stdout, stderr } = await runText(text, { nodeArgs: ['--import', before], env: { TASKS: tasks } });
    expect(stdout).toBe('9\n');
    expect(new Set(stderr.trim().split('\n'))).toEqual(new Set(['inline true']));
  });
});

describe('calls go on where a program', () => {
  it.each<[string, string]>([
    ['freezes Error.prototype', 'Object.freeze(Error.prototype);'],
    [
      'gives Object.prototype `errno`, `undriven`, `error` and `value`',
      `for (const key of ['errno', 'undriven', 'unsendable', 'error', 'remote']) Object.defineProperty(Object.prototype, key, { value: 7, configurable: true, writable: true });`,
    ],
    [
      'breaks toString',
      `Error.prototype.toString = Object.prototype.toString = Function.prototype.toString = () => { throw new Error('no text'); };`,
    ],
    [
      'makes process.exit unchangeable',
      `Object.defineProperty(process, 'exit', { configurable: false, writable: false });`,
    ],
    [
      'freezes Worker.prototype and Agent.prototype',
      `Object.freeze((await import('node:worker_threads')).Worker.prototype); Object.freeze((await import('node:http')).Agent.prototype);`,
    ],
  ])('%s', async (_name, act) => {
    const lines = await said(`${act}
      await say(() => parMap([1, 2, 3], (x) => ({ x }), { chunk: 1 }));
      await say(() => forkMap(async () => 1));
      await say(() => forkMapSync(() => 2));
      await say(() => parReduce([1, 2, 3], (a, b) => a + b, 0));
      await say(() => parMap([1], () => () => 1));
      await say(() => parMap([1], () => { throw new RangeError('as it was'); }));
    `);
    expect(lines).toEqual([
      [{ x: 1 }, { x: 2 }, { x: 3 }],
      1,
      2,
      6,
      expect.stringMatching(/^ERR_FORKMAP_SERIALIZE/),
      'RangeError: as it was',
    ]);
  });
});

it('where a child cannot be prepared, the cause is told, and that nothing was run', async () => {
  const lines = await said(`
    Object.freeze(process);
    await say(() => parMap([1, 2], (x) => x));
    await say(() => forkMapSync(() => 1));
  `);
  const refused = expect.stringMatching(
    /^ERR_FORKMAP_UNSUPPORTED: .*a child could not be prepared \(TypeError: .*CallableDidNotExecute$/,
  );
  expect(lines).toEqual([refused, refused]);
});

it('crypto.randomInt with a callback works while the caller fills its buffer', async () => {
  const lines = await said(`
    const { randomInt } = await import('node:crypto');
    const draw = () => new Promise((drawn, fail) => randomInt(2 ** 40, (error, n) => (error ? fail(error) : drawn(n))));
    for (let i = 0; i < 1100; i++) randomInt(2 ** 40, () => {});
    await say(async () => new Set(await parMap(Array.from({ length: 60 }), draw, { chunk: 2 })).size);
  `);
  expect(lines).toEqual([60]);
});

it('more items than can be counted are refused before they are copied', async () => {
  const lines = await said(`await say(() => parMap({ length: 2 ** 31 }, () => 1));`);
  expect(lines).toEqual([expect.stringMatching(/^ERR_OUT_OF_RANGE: .*items\.length/)]);
});

it('a warning that was printed before the fork is not printed again', async () => {
  const { stderr } = await runText(`${PREFIX}
    const { deprecate } = await import('node:util');
    const old = deprecate(() => 1, 'old() is deprecated', 'DEP_TEST');
    old(); await new Promise(setImmediate);
    await parMap([1, 2, 3], old, { chunk: 1 });
  `);
  expect(stderr.match(/old\(\) is deprecated/g)).toHaveLength(1);
});
