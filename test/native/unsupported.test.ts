/** Where forking cannot work, importing does, and the first call says what to do. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../helpers/processes.js';

const expected = (call: string) => ({
  call,
  code: 'ERR_FORKMAP_UNSUPPORTED',
  effect: 'CallableDidNotExecute',
  retryable: true,
  name: 'CallableDidNotExecuteError',
});

const HIDINGS: [how: string, message: RegExp][] = [
  ['absent', /the addon for linux-\w+ is missing from this installation.*npx forkmap build/],
  ['broken', /does not load: /],
  ['other-platform', /forking needs Linux; this is darwin.*inline/],
];

describe.each(HIDINGS)('where the addon is %s', (how, message) => {
  it('every call fails with ERR_FORKMAP_UNSUPPORTED, which says how to mend it', async () => {
    const { code, stdout, stderr } = await runProgram('has-no-addon.mjs', { args: [how] });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { failures, inline, isForkChild, empty } = JSON.parse(stdout);
    expect(failures.map(({ message: _, ...rest }: { message: string }) => rest)).toEqual(
      ['forkMap', 'forkMapSync', 'parMap'].map(expected),
    );
    for (const failure of failures) expect(failure.message).toMatch(message);
    expect({ isForkChild, empty }).toEqual({ isForkChild: false, empty: [] });
    expect(inline).toEqual([2, 4]);
  });
});

it('the addon is there: what hides it is told apart from that', () => {
  const path = '../../packages/native/build/forkmap.node';
  expect(existsSync(fileURLToPath(new URL(path, import.meta.url)))).toBe(true);
});
