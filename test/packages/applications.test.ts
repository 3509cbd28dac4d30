import { describe, expect, it } from 'vitest';
import { runProgram } from '../helpers/processes.js';
import { scaled } from '../helpers/time.js';

/** What each process says that the program comes to, in the order in which they end. */
async function run(kind: string, call: string): Promise<{ code: string; effect: string; message: string }[]> {
  const { stdout, stderr, code } = await runProgram('packages/is-an-application.mjs', { args: [kind, call] });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

describe('an application whose executable is not Node', () => {
  it.each(['parMap', 'spawnFunction'])('is not started again where its kind is known: %s', async (call) => {
    expect(await run('electron', call)).toEqual([
      {
        code: 'ERR_FORKMAP_SPAWN',
        effect: 'CallableDidNotExecute',
        message: expect.stringMatching(/this is Electron, .*engine 'fork' or 'inline'/),
      },
    ]);
  });

  it(
    'is started once where its kind is not known, and not again by that',
    async () => {
      const ends = await run('unknown', 'parMap');
      // The second runs its tasks itself, and what they come to is nobody's.
      expect(ends).toHaveLength(2);
      expect(ends[1]?.code).toBe('ERR_FORKMAP_EXITED');
    },
    scaled(60_000),
  );
});
