/** Where things are, and which versions the workspace is held to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the scripts bring for themselves: pnpm, further Node versions, stamps. Ignored by git. */
export const toolsDir = join(root, '.tools');

/** The folders below packages/: imports point from right to left. */
export const packages = ['native', 'core', 'pool', 'bullmq', 'cli'];

/** The Node versions that the whole suite runs on in CI: the single copy of this list. */
export const nodeVersions = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'];

/** The pinned pnpm, from the field `packageManager` of package.json. */
export const pnpmVersion = /** @type {string} */ (
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager.replace('pnpm@', '')
);

export const isCi = !['', '0', 'false'].includes(process.env.CI ?? '');
