import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { complaintsAbout } from '../helpers/compile.js';
import { runProgram } from '../helpers/processes.js';

const folder = fileURLToPath(new URL('../../examples', import.meta.url));
const lessons = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'demo.ts');

/** What a lesson says that it prints: the comment at its end. */
function promised(name: string): string {
  const [, comment] = readFileSync(`${folder}/${name}`, 'utf8').split('\n// Prints:\n');
  if (comment === undefined) throw new Error(`${name} does not say what it prints`);
  return comment.replaceAll(/^\/\/ /gm, '');
}

describe('an example prints what it says', () => {
  it.each(lessons)('%s', async (name) => {
    const { stdout, stderr, code } = await runProgram(`../../examples/dist/${name.replace('.ts', '.js')}`);
    // A lesson that shows process ids cannot promise which.
    const shown = stdout.replaceAll(/\bpid: \d+/g, 'pid: <pid>');
    expect({ stdout: shown, code }, stderr).toEqual({ stdout: promised(name), code: 0 });
  });
});

it('the demo finds the same in serial and in parallel', async () => {
  const { stdout, stderr, code } = await runProgram('../../examples/dist/demo.js', {
    args: [`${folder}/../packages/core`],
  });
  expect(stdout, stderr).toMatch(/^ {2}children forked +\d+$/m);
  expect(stdout).toMatch(/^ {2}answers +the same$/m);
  expect(code).toBe(0);
});

describe('errors-by-code.ts', () => {
  const example = 'examples/errors-by-code.ts';

  it('compiles with the codes that there are', () => {
    expect(complaintsAbout([example])).toEqual([]);
  });

  it('does not compile when a code is added', () => {
    const table = 'packages/core/dist/errors/codes.d.ts';
    const declared = readFileSync(`${folder}/../${table}`, 'utf8');
    const [before, after] = declared.split('EFFECT_OF_CODE: {');
    const added = `${before}EFFECT_OF_CODE: { readonly ERR_FORKMAP_NEW: 'CallableExecuted';${after}`;
    expect(complaintsAbout([example], new Map([[table, added]]))).toEqual([
      expect.stringMatching(/^examples\/errors-by-code\.ts:\d+: Type '"ERR_FORKMAP_NEW"' does not satisfy/),
    ]);
  });
});
