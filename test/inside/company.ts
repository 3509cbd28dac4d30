import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { type ProgramOptions, runProgram } from '../helpers/processes.js';

/** What comes of a program's calls of all kinds, whoever it keeps company with. */
export const { expected } = createRequire(import.meta.url)('../fixtures/company/calls.cjs') as {
  expected: Record<string, unknown>;
};

/** Runs a program of test/fixtures/company to its end, and gives what it prints last, which is JSON. */
export async function reportOf(name: string, options?: ProgramOptions) {
  const { code, signal, stdout, stderr } = await runProgram(join('company', name), options);
  expect({ code, signal, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);
}

/** A directory that is there until the test is finished. */
export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'forkmap-company-'));
  releaseAtEnd(() => rmSync(dir, { recursive: true }));
  return dir;
}
