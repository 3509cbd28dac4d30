import { expect, it } from 'vitest';
import { runProgram } from '../helpers/processes.js';

const story = async (env: NodeJS.ProcessEnv) => {
  // WHY without warnings: on a busy machine, lanes may be idle for long.
  const { code, stderr } = await runProgram('makes-calls-of-all-kinds.mjs', {
    env: { ...env, NODE_NO_WARNINGS: '1' },
  });
  expect(code).toBe(0);
  return stderr;
};

it('NODE_DEBUG=forkmap tells what happens, in words', async () => {
  const lines = (await story({ NODE_DEBUG: 'forkmap' })).trimEnd().split('\n');
  for (const line of lines) expect(line).toMatch(/^FORKMAP \d+: (parMap|forkMap|forkMapSync) #\d+/);
  const text = lines.join('\n');
  expect(text).toMatch(/parMap #3 'some' begins: 40 items on 2 lanes$/m);
  expect(text).toMatch(/parMap #3 'some': snapshot \d+ forked in [\d.]+ ms$/m);
  expect(text).toMatch(
    /parMap #3 'some': lane [01]: child \d+ did \[0, 10\) in [\d.]+ ms \(fork [\d.]+ ms, work [\d.]+ ms, encode [\d.]+ ms, send [\d.]+ ms\); \d+ bytes, decoded in [\d.]+ ms$/m,
  );
  expect(text).toMatch(/parMap #3 'some' is done after [\d.]+ ms$/m);
  expect(text).toMatch(/parMap #4: lane [01]: child \d+ did \[\d+, \d+\) in [\d.]+ ms \(kept, /m);
  expect(text).toMatch(
    /'dies': lane [01]: child \d+ died: chunk \[0, 10\): the child was killed by SIGKILL/m,
  );
  expect(text).toMatch(/parMap #8 failed after [\d.]+ ms: of its own$/m);
});

it('nothing is told otherwise', async () => {
  expect(await story({ NODE_DEBUG: '' })).toBe('');
});
