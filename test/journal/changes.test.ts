import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ParMapOptions, parMap, task } from '@forkmap/pool';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';

expectNoLeaks(() => warmPool(4));

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'changes-'));
  write('package.json', '{"type":"module"}');
  write('package-lock.json', '{"lockfileVersion":3}');
  write('fn.mjs', "import { helper } from './lib/helper.mjs';\nexport const fn = (x) => helper(x);\n");
  write('lib/helper.mjs', "import one from './one.cjs';\nexport const helper = (x) => x + one;\n");
  write('lib/one.cjs', "module.exports = require('./deep').one;\n");
  write('lib/deep.js', 'export const one = 1;\n');
  write('other.mjs', 'export {};\n');
});
afterEach(() => rmSync(dir, { recursive: true }));

function write(name: string, text: string) {
  mkdirSync(join(dir, name, '..'), { recursive: true });
  writeFileSync(join(dir, name), text);
}

/** Whether the journal of the module is taken. WHY another fn: a module is loaded once in a process. */
const check = (options: ParMapOptions = {}) =>
  parMap(
    [1, 2],
    task(pathToFileURL(join(dir, 'fn.mjs')), 'fn', (x: number) => x + 1),
    {
      journal: join(dir, 'j'),
      ...options,
    },
  );

it('a task is known by all that its module imports, and by nothing else', async () => {
  expect(await check()).toEqual([2, 3]);
  write('other.mjs', 'export const changed = 1;\n');
  expect(await check()).toEqual([2, 3]);
  for (const [file, text] of [
    ['lib/deep.js', 'export const one = 2;\n'],
    ['lib/one.cjs', 'module.exports = 2;\n'],
    ['lib/helper.mjs', 'export const helper = () => 0;\n'],
    ['fn.mjs', 'export const fn = () => 0;\n'],
  ] as const) {
    rmSync(join(dir, 'j'));
    expect(await check()).toEqual([2, 3]);
    write(file, text);
    await expect(check()).rejects.toMatchObject({
      code: 'ERR_FORKMAP_JOURNAL',
      message: expect.stringContaining(`${file} has changed`),
    });
  }
});

it('an installed package is known by the lock file', async () => {
  write('node_modules/dep/package.json', '{"name":"dep","version":"1.0.0"}');
  write('node_modules/dep/index.js', 'module.exports = 1;');
  await check();
  write('package-lock.json', '{"lockfileVersion":3,"packages":{}}');
  expect(await check()).toEqual([2, 3]);
  write('lib/deep.js', "import 'dep';\nexport const one = 1;\n");
  await expect(check()).rejects.toThrow('lib/deep.js has changed; package-lock.json is imported now');
  await check({ journal: { file: join(dir, 'j'), onChange: 'keep' } });
  write('package-lock.json', '{"lockfileVersion":3,"packages":{"dep":{}}}');
  await expect(check()).rejects.toThrow('package-lock.json has changed');
});

it('of TypeScript, what is imported for its types alone does not count', async () => {
  write('fn.mjs', "import { a } from './a.js';\nexport const fn = a;\n");
  write(
    'a.ts',
    "import type { T } from './types.js';\nimport { b } from './b.ts';\nexport const a: (x: T) => T = b;\n",
  );
  write('b.ts', 'export const b = <T>(x: T): T => x;\n');
  write('types.ts', 'export type T = number;\n');
  await check();
  write('types.ts', 'export type T = number | string;\n');
  await check();
  write('b.ts', 'export const b = <T>(x: T): T => { return x; };\n');
  await expect(check()).rejects.toThrow('b.ts has changed');
});
