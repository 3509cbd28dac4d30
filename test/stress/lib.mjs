/** What the programs of this folder share. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A number from the command line, `name=value`. @param {string} name @param {number} otherwise */
export function setting(name, otherwise) {
  const found = process.argv.find((arg) => arg.startsWith(`${name}=`));
  return found ? Number(found.slice(name.length + 1)) : otherwise;
}

/** Prints the figures: as JSON for a program, in a line for a reader. @param {string} what @param {object} figures */
export function report(what, figures) {
  const node = process.versions.node;
  if (process.argv.includes('--json'))
    process.stdout.write(`${JSON.stringify({ what, node, ...figures })}\n`);
  else {
    const text = Object.entries(figures).map(([name, value]) => `${name} ${show(value)}`);
    process.stdout.write(`Node ${node}  ${what}: ${text.join(', ')}\n`);
  }
}

/** @param {unknown} value */
function show(value) {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toPrecision(3);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value below which a share of all values lie. @param {readonly number[]} values @param {number} share */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Median and quartiles, for a reader. @param {readonly number[]} values */
export function spread(values) {
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share).toPrecision(3));
  return `${median} (quartiles ${low} to ${high}, n = ${values.length})`;
}

/** @param {() => unknown} act */
export function msOf(act) {
  const startedMs = performance.now();
  act();
  return performance.now() - startedMs;
}

/** Collects all garbage. */
export function collectGarbage() {
  setFlagsFromString('--expose-gc');
  /** @type {() => void} */ (runInNewContext('gc'))();
}

/** @type {unknown[]} */
const ballast = [];

/** Grows this process, by objects of V8's heap as a program has them, to so many MiB resident. @param {number} mib */
export function growTo(mib) {
  while (process.memoryUsage.rss() < mib * 2 ** 20) {
    ballast.push(Array.from({ length: 2_000 }, (_, i) => ({ id: i, name: `object ${i}`, tags: [i, i + 1] })));
  }
  collectGarbage();
}

/** The addon with fault injection, beside the ordinary one. @returns {{ bareFork(): number }} */
export function testAddon() {
  const path = '../../packages/native/build/forkmap_faults.node';
  return createRequire(import.meta.url)(path);
}

/** Allocates, so that garbage is collected, and runs hot code, so that it is optimised. @param {number} rounds */
export function churn(rounds) {
  /** @type {{ at: number, text: string }[]} */
  let kept = [];
  let sum = 0;
  for (let i = 0; i < rounds; i++) {
    kept.push({ at: i, text: `item ${i % 97}` });
    if (kept.length > 20_000) kept = kept.slice(-100);
    sum = (sum + Math.imul(i, 2_654_435_761) + (kept.at(-1)?.text.length ?? 0)) | 0;
  }
  return sum;
}

/** Functions that V8 has not seen before, so that there is always something to optimise. @param {number} seed */
export function freshHotFunction(seed) {
  return /** @type {(n: number) => number} */ (
    new Function(
      'n',
      `let s = ${seed}; for (let i = 0; i < n; i++) s = (s * 31 + i * ${seed % 13}) | 0; return s;`,
    )
  );
}

/**
 * MiB of this process that a plain fork would copy the page tables of: resident, and not marked to be left out.
 * SOURCE: proc_pid_smaps(5), VmFlags: dc is MADV_DONTFORK.
 */
export function forkedMib() {
  let kib = 0;
  let mapping = 0;
  for (const line of readFileSync('/proc/self/smaps', 'utf8').split('\n')) {
    if (line.startsWith('Rss:')) mapping = Number(/\d+/.exec(line)?.[0]);
    if (line.startsWith('VmFlags:') && !line.includes(' dc')) kib += mapping;
  }
  return Math.round(kib / 1024);
}

/**
 * CPU time that this process and the children it has waited for have used, in ms, to the kernel's tick.
 * SOURCE: proc_pid_stat(5), fields 14 to 17, in ticks of USER_HZ, which is 100.
 */
export function cpuMs() {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
}
