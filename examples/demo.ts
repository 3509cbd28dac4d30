/**
 * A batch job: parse every .ts, .d.ts and .js file below node_modules with the TypeScript compiler, once in a serial
 * loop and once in parallel, and compare. The compiler and the index of packages are loaded once, here; the children
 * have them by inheritance.
 *
 *   npm run demo               the workspace's own node_modules
 *   npm run demo -- <folder>   another
 */
import { readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { parMap } from 'forkmap';
import { inspect } from './demo/inspect.js';
import { PackageIndex } from './demo/packages.js';
import { count, seconds, table } from './demo/table.js';

/** Bytes of source, for about a minute on a slow machine: where there are more, the largest files are left out. */
const MAX_BYTES = 150e6;

const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../../node_modules', import.meta.url)));
const packages = new PackageIndex(folder);
const files = smallest(packages.files);

const analyse = (file: string) => {
  const { imports, ...found } = inspect(file, readFileSync(file, 'utf8'));
  const owner = packages.packageOf(file);
  const undeclared = owner ? imports.filter((specifier) => !owner.declares(specifier)) : [];
  return { ...found, undeclared, owner: owner && `${owner.name}@${owner.version}` };
};

if (files.length === 0) throw new Error(`no .ts or .js files in ${folder}`);
console.log(`\n${count(files.length)} of ${count(packages.files.length)} source files in ${folder}`);
console.log(
  `${count(packages.size)} packages indexed; ${availableParallelism()} CPUs; Node ${process.version}\n`,
);

// Neither side pays for a cold disk, nor for code that was never run.
for (const file of files) readFileSync(file);
files.filter((_, at) => at % 10 === 9).map(analyse);

const cpuBefore = process.cpuUsage();
let began = performance.now();
const serial = files.map(analyse);
const serialMs = performance.now() - began;
const cpu = process.cpuUsage(cpuBefore);

began = performance.now();
const reports = await parMap(files, (file) => ({ pid: process.pid, found: analyse(file) }));
const parallelMs = performance.now() - began;

const isSame = isDeepStrictEqual(
  reports.map(({ found }) => found),
  serial,
);
const sum = (numbers: number[]) => count(numbers.reduce((a, b) => a + b, 0));
const lengths = serial.map(({ longestFunction }) => longestFunction.lines);
const longest = lengths.indexOf(lengths.reduce((a, b) => Math.max(a, b), 0));
const careless = new Set(serial.filter(({ undeclared }) => undeclared.length > 0).map(({ owner }) => owner));

console.log(
  table([
    ['lines', sum(serial.map(({ lines }) => lines))],
    ['exported symbols', sum(serial.map(({ exports }) => exports))],
    ['functions', sum(serial.map(({ functions }) => functions))],
    ['longest function', `${serial[longest]?.longestFunction.name}, ${count(lengths[longest] ?? 0)} lines`],
    ['  in', `${basename(files[longest] ?? '')} of ${serial[longest]?.owner}`],
    ['files with syntax errors', count(serial.filter(({ syntaxErrors }) => syntaxErrors > 0).length)],
    ['packages with undeclared imports', count(careless.size)],
  ]),
);
console.log();
console.log(
  table([
    // More CPU time than wall time: V8 collects garbage on other threads, so that a serial loop has help, too.
    ['serial', `${seconds(serialMs)} (CPU time ${seconds((cpu.user + cpu.system) / 1000)})`],
    ['parallel', seconds(parallelMs)],
    ['speed-up', (serialMs / parallelMs).toFixed(2)],
    ['children forked', count(new Set(reports.map(({ pid }) => pid)).size)],
    ['answers', isSame ? 'the same' : 'DIFFERENT'],
  ]),
);
process.exitCode = isSame ? 0 : 1;

/** Those that have so many bytes in all, in the order in which they were found. */
function smallest(all: readonly string[]): string[] {
  const sized = all.map((file) => ({ file, bytes: statSync(file).size })).sort((a, b) => a.bytes - b.bytes);
  let bytes = 0;
  const within = sized.filter((file) => {
    bytes += file.bytes;
    return bytes <= MAX_BYTES;
  });
  const chosen = new Set(within.map(({ file }) => file));
  return all.filter((file) => chosen.has(file));
}
