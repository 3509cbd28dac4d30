/** What a result was measured on. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

export interface Machine {
  cpu: string;
  cpus: number;
  memoryGiB: number;
  kernel: string;
  isVirtual: boolean;
  hugePages: string;
  node: string;
  v8: string;
  /** Of one minute, when the run began: what else the machine was doing. */
  load: number;
  packages: Record<string, string>;
}

const compared = ['piscina', 'tinypool', 'workerpool', 'poolifier', 'jest-worker', 'devalue', 'msgpackr'];

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.replace(/\s+/g, ' ').trim() ?? 'unknown',
    cpus: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `Linux ${release()}`,
    isVirtual: / hypervisor\b/.test(read('/proc/cpuinfo')),
    hugePages: /\[(\w+)\]/.exec(read('/sys/kernel/mm/transparent_hugepage/enabled'))?.[1] ?? 'unknown',
    node: process.version,
    v8: process.versions.v8,
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
    packages: Object.fromEntries(compared.map((name) => [name, versionOf(name)])),
  };
}

/** A short name for files: `amd-epyc`. */
export function slugOfCpu(cpu: string): string {
  return cpu
    .toLowerCase()
    .replace(/\((r|tm)\)|@.*$|\b(cpu|processor)\b/g, ' ')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

function versionOf(name: string): string {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const path of paths) {
    const text = read(`${path}/${name}/package.json`);
    if (text) return (JSON.parse(text) as { version: string }).version;
  }
  return 'missing';
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // WHY: what this system does not tell is left out.
  }
}
