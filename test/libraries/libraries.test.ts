import { expect, it } from 'vitest';
import { runText } from '../helpers/processes.js';
import { LIBRARIES, programFor, WAYS } from './libraries.mjs';

const cases = Object.keys(LIBRARIES).flatMap((name) => WAYS.map((way) => [name, way] as const));

it.each(cases)('%s (%s) gives in children what it gives here', async (name, way) => {
  const { stdout, stderr } = await runText(programFor(name, way));
  expect(stdout, stderr).toBe('"works"\n');
});
