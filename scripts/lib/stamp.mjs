/** Skips work whose inputs have not changed since it last succeeded. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './workspace.mjs';

/**
 * Runs `work`, unless it succeeded before with the same files and facts.
 * @param {string} stampFile goes where the work's output goes, so that both vanish together
 * @param {{ files: readonly string[], facts?: readonly unknown[] }} inputs files: paths below the root
 * @param {() => void | Promise<void>} work
 */
export async function whenChanged(stampFile, { files, facts = [] }, work) {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  const stamp = hash.digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  rmSync(stampFile, { force: true });
  await work();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}
