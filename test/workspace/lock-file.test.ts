import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the lock file holds no download address', () => {
  const lines = readFileSync(new URL('../../pnpm-lock.yaml', import.meta.url), 'utf8').split('\n');
  expect(lines.filter((line) => /https?:|tarball:/.test(line))).toEqual([]);
});
