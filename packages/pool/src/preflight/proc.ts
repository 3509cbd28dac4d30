import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A small file, or undefined: WHY: what a system does not have is an answer, too. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Names in a folder; none where there is no such folder. */
export function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return []; // WHY: see readText.
  }
}

/** Where a link points, or undefined. */
export function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // WHY: a descriptor may be closed between two looks.
  }
}

/** A file of this process's cgroup. SOURCE: Linux, Documentation/admin-guide/cgroup-v2.rst. */
export function readCgroup(name: string): string | undefined {
  const own = readText('/proc/self/cgroup')?.match(/^0::(.*)$/m)?.[1] ?? '/';
  return readText(`/sys/fs/cgroup${own}/${name}`) ?? readText(`/sys/fs/cgroup/${name}`);
}

/** As people read sizes. */
export function mib(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
}

export function plural(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
