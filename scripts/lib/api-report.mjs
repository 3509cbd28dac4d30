/** The public types, as they are in the repository: whoever changes them sees it in the difference of a commit. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTypeScript } from './build.mjs';
import { StepError } from './run.mjs';
import { root } from './workspace.mjs';

/** Report, and the rolled-up types that it is made of. */
const reports = {
  'core.d.ts': ['core', 'index'],
  'pool.d.ts': ['pool', 'index'],
  'opentelemetry.d.ts': ['pool', 'opentelemetry'],
  'bullmq.d.ts': ['bullmq', 'index'],
  'forkmap.d.ts': ['cli', 'index'],
};

/** Throws where the public types are not those of the report. */
export async function checkApi() {
  await buildTypeScript();
  const strays = Object.keys(reports).filter((report) => reported(report) !== current(report));
  if (strays.length === 0) return;
  throw new StepError(
    `the public types differ from ${strays.map((report) => `api/${report}`).join(', ')}. ` +
      'If that is intended: npm run api, and commit what changes',
  );
}

export async function writeApi() {
  await buildTypeScript();
  mkdirSync(join(root, 'api'), { recursive: true });
  for (const report of Object.keys(reports)) writeFileSync(join(root, 'api', report), current(report));
}

/** @param {string} report */
function reported(report) {
  try {
    return readFileSync(join(root, 'api', report), 'utf8');
  } catch {
    return ''; // WHY: a report that is not there differs.
  }
}

/** The types of an entry, and those that entries of its package share. @param {string} report */
function current(report) {
  const [name, entry] = /** @type {[string, string]} */ (
    reports[/** @type {keyof typeof reports} */ (report)]
  );
  const folder = join(root, 'packages', name, 'bundle');
  const parts = readdirSync(folder).filter((file) => file.startsWith('shared-') && file.endsWith('.d.cts'));
  const files = [`${entry}.d.cts`, ...parts.sort()];
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
  return `${text.replace(/^\/\/ packages\/.*\n/gm, '').trim()}\n`;
}
