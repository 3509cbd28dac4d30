// How each library of libraries.mjs fares in children: a table, and exit code 1 where one does not.  [name …]
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LIBRARIES, programFor, WAYS } from './libraries.mjs';

const run = promisify(execFile);
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(LIBRARIES);
let wrong = 0;

/** @param {string} name @param {string} way */
async function outcomeOf(name, way) {
  const args = ['--input-type=module', '-e', programFor(name, way)];
  try {
    const { stdout } = await run(process.execPath, args, {
      cwd: join(import.meta.dirname, '..'),
      timeout: 120_000,
    });
    return JSON.parse(stdout);
  } catch (error) {
    return ['failed', error.stderr || error.message];
  }
}

console.log(`| library | ${WAYS.join(' | ')} |\n|---|${WAYS.map(() => '---|').join('')}`);
for (const name of names) {
  const outcomes = [];
  for (const way of WAYS) outcomes.push(await outcomeOf(name, way));
  wrong += outcomes.filter(
    (outcome) => outcome !== 'works' && !String(outcome).startsWith('ERR_FORKMAP_'),
  ).length;
  const cells = outcomes.map((outcome) => (outcome === 'works' ? outcome : JSON.stringify(outcome)));
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
console.log(`${names.length} libraries, ${wrong} wrong`);
process.exitCode = wrong > 0 ? 1 : 0;
