import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runningNode } from '../../scripts/lib/nodes.mjs';
import { runVitest } from '../../scripts/lib/vitest.mjs';

const suite = fileURLToPath(new URL('../fixtures/suite', import.meta.url));

it('the sum counts every test once, and what goes wrong outside of tests as a failure', async () => {
  const counts = await runVitest(runningNode, ['--root', suite], { isSilent: true });
  expect(counts).toMatchObject({ passed: 2, failed: 3, skipped: 2 });
  expect(counts.remarks).toEqual([
    expect.stringMatching(/passes-fails-and-skips\.js > fails: AssertionError: expected 1 to be 2/),
    expect.stringContaining('cannot-be-loaded.js failed outside of its tests'),
    expect.stringMatching(/^left running: \d+ sleep 60/),
  ]);
});
