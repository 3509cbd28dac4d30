import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';

const program = join(import.meta.dirname, '..', 'stress', 'key-makers.mjs');

it('no child hangs in a lock that worker threads were in the middle of (the short form of npm run stress)', async () => {
  const running = promisify(execFile)(process.execPath, [program, '--json', 'calls=25'], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  releaseAtEnd(() => void running.child.kill('SIGKILL'));
  const { stdout } = await running;
  expect(JSON.parse(stdout)).toMatchObject({ calls: 25, failures: 0, errors: {} });
});
