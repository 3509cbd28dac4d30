/** What is asked of packages before they are published: that every way of loading them finds code and types. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTypeScript } from './build.mjs';
import { packInto } from './pack.mjs';
import { runModule, StepError } from './run.mjs';

/** Builds and packs the packages, and asks publint and arethetypeswrong, whose warnings are failures. */
export async function lintPackages() {
  await buildTypeScript();
  const folder = mkdtempSync(join(tmpdir(), 'forkmap-packed-'));
  try {
    for (const tarball of packInto(folder)) await lintPackage(tarball);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} tarball */
async function lintPackage(tarball) {
  // WHY here: this file is read before anything is installed.
  const { publint } = await import('publint');
  const { formatMessage } = await import('publint/utils');
  const { buffer, byteOffset, byteLength } = readFileSync(tarball);
  const { messages, pkg = {} } = await publint({
    pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) },
    strict: true,
  });
  if (messages.length > 0) {
    const lines = messages.map((message) => formatMessage(message, pkg, { color: false }));
    throw new StepError(`publint of ${pkg.name}:\n${lines.join('\n')}`);
  }
  // WHY not node10: TypeScript's old way of finding modules knows no `exports`, and so nothing of subpaths.
  // WHY not `build`: it is a program with a path of its own, which is run and not imported.
  const flags = ['--profile', 'node16', '--quiet', '--exclude-entrypoints', 'build'];
  runModule('@arethetypeswrong/cli/dist/index.js', [tarball, ...flags]);
}
