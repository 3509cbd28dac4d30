import { expect, it } from 'vitest';
import { runProgram } from '../helpers/processes.js';

it("what the origin throws astray after a call whose fork was refused is heard by the origin's listeners", async () => {
  const env = { FORKMAP_ADDON: 'faults' };
  const { code, stdout } = await runProgram('throws-after-a-refused-fork.mjs', { env });
  expect({ code, report: stdout && JSON.parse(stdout) }).toEqual({
    code: 0,
    report: {
      heard: ['forkMap', 'parMap', 'forkMap'].map((name) => `after ${name}: ERR_FORKMAP_FORK`),
      works: 'works',
    },
  });
});
