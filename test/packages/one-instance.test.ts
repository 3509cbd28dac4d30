import { describe, expect, it } from 'vitest';
import { runProgram } from '../helpers/processes.js';

const names = [
  ...['forkmap', '@forkmap/pool', '@forkmap/core', '@forkmap/native', '@forkmap/core/internal'],
  ...['@forkmap/pool/internal', 'forkmap/opentelemetry', '@forkmap/pool/opentelemetry'],
];

describe.each(['required first', 'imported first'])(
  'packages that are required and imported (%s)',
  (order) => {
    it('offer the same, which works across', async () => {
      const end = await runProgram('packages/is-loaded-both-ways.cjs', { args: [order] });
      expect(end).toMatchObject({ code: 0, stderr: '' });
      const lines = end.stdout.trimEnd().split('\n');
      expect(lines.pop()).toBe('[ 1, 2 ] true ERR_FORKMAP_EXITED');
      expect(lines.sort()).toEqual(names.map((name) => `${name} true [] []`).sort());
    });
  },
);
